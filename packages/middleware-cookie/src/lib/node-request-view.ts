import type { IncomingHttpHeaders } from "node:http";
import type { RequestView } from "./request-view.ts";

/** A request as frameworks on Node's HTTP servers have it. */
export interface NodeRequest {
  readonly method: string;
  /** By what the application trusts of its proxy. */
  readonly protocol: string;
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
  readonly socket: object;
}

/** Such a request in the terms of the life-cycle. */
export function toRequestView({ method, protocol, originalUrl, headers, socket }: NodeRequest): RequestView {
  // A trusted proxy may add to what is known of the connection, never take from it.
  const scheme = "encrypted" in socket && socket.encrypted ? "https" : protocol;
  const host = hostIn(headers);
  return {
    method,
    url: `${scheme}://${host}${originalUrl}`,
    headers: {
      get(name) {
        const field = name.toLowerCase();
        if (field === "host") return host;
        const value = headers[field];
        return (Array.isArray(value) ? value.join(", ") : value) ?? null;
      },
    },
  };
}

/** By HTTP/2 the host is in `:authority`. Where there is neither, nothing of the path is to be taken for one. */
function hostIn({ host, ":authority": authority }: IncomingHttpHeaders): string {
  return host ?? (typeof authority === "string" ? authority : "");
}
