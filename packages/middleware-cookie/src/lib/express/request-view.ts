import type { Request } from "express";
import type { RequestView } from "../request-view.ts";

/** Express's request in the terms of the life-cycle. */
export function toRequestView(req: Request): RequestView {
  // `protocol` follows the application's "trust proxy"; that may add to what is known of the connection, never take from it.
  const protocol = "encrypted" in req.socket && req.socket.encrypted ? "https" : req.protocol;
  return {
    method: req.method,
    url: `${protocol}://${req.headers.host ?? ""}${req.originalUrl}`,
    headers: {
      get(name) {
        const value = req.headers[name.toLowerCase()];
        return (Array.isArray(value) ? value.join(", ") : value) ?? null;
      },
    },
  };
}
