import {
  type CreateArguments,
  checkOptionNames,
  invalidOption,
  SessionError,
  type SessionManager,
} from "@ventostack/auth-core";
import { findCookie } from "../cookie-header.ts";
import type { FormerSessions } from "../former-sessions.ts";
import { serializeCookie } from "../set-cookie.ts";
import { type ConnectStore, promised } from "./connect-store.ts";
import { readSignedId } from "./signed-id.ts";

export interface ExpressSessionsOptions<Data extends object> {
  /** The store that express-session had: connect-redis, with the `prefix` that it had, for one. */
  store: ConnectStore;
  /** The `secret` that express-session had. */
  secret: string | readonly string[];
  /** The `name` that express-session had. Default `"connect.sid"`. */
  name?: string;
  /** The `path` and `domain` that its cookie had. Default: `/`, and this host alone. */
  path?: string;
  domain?: string;
  /** What goes on of what was on `req.session`; `null`: nothing, nobody was signed in. */
  data: (session: Record<string, unknown>) => Data | null;
}

const names: Record<keyof ExpressSessionsOptions<object>, true> = {
  store: true,
  secret: true,
  name: true,
  path: true,
  domain: true,
  data: true,
};

/** Milliseconds for which requests that were sent with the old cookie, before the new one came, are given the same session. */
const GRACE = 10_000;

/**
 * The sessions of express-session, for the option `former` of a plugin: a client that still has one gets one of ours in its
 * place, and stays signed in. The old one ends with that, so that it cannot be used beside ours, nor after it. Throws
 * `INVALID_OPTION`.
 */
export function expressSessions<Data extends object>(
  options: ExpressSessionsOptions<Data>,
): FormerSessions<Data> {
  checkOptionNames(options, Object.keys(names));
  const { name = "connect.sid", path, domain, data: dataOf } = options;
  if (typeof dataOf !== "function") throw invalidOption("data", dataOf, "it must be a function");
  const secrets = [options.secret].flat();
  if (secrets.length === 0 || secrets.some((secret) => typeof secret !== "string" || secret === ""))
    throw invalidOption("secret", "(hidden)", "it must be the secret, or the secrets, of express-session");
  const store = promised(options.store);
  const removal = serializeCookie(name, "", {
    maxAge: 0,
    secure: false,
    ...(path !== undefined && { path }),
    ...(domain !== undefined && { domain }),
  });
  /** By the old id, the new one. */
  const exchanged = new Map<string, Promise<string | null>>();

  async function move(sid: string, manager: SessionManager<Data>): Promise<string | null> {
    const found = await atStore(() => store.get(sid));
    if (found === null) return null;
    const { cookie: _, ...fields } = found as Record<string, unknown>;
    const data = dataOf(fields);
    if (data === null) return null;
    const { id } = await manager.create(...([data] as unknown as CreateArguments<Data>));
    try {
      await atStore(() => store.destroy(sid));
    } catch (error) {
      // Both would live: the next request tries again.
      await manager.destroy(id);
      throw error;
    }
    return id;
  }

  function moveOnce(sid: string, manager: SessionManager<Data>): Promise<string | null> {
    const earlier = exchanged.get(sid);
    if (earlier !== undefined) return earlier;
    const moving = move(sid, manager);
    exchanged.set(sid, moving);
    const forget = (): void => void exchanged.delete(sid);
    moving.then(() => setTimeout(forget, GRACE).unref(), forget);
    return moving;
  }

  return {
    async exchange(request, manager) {
      const sid = readSignedId(findCookie(request.headers.get("cookie"), name), secrets);
      if (sid === undefined) return null;
      const id = await moveOnce(sid, manager);
      const session = id === null ? null : await manager.get(id);
      return session && { session, removal };
    },
  };
}

/** Within no time limit of ours: the store's own client has to have one. */
async function atStore<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (cause) {
    throw new SessionError(
      "STORE_UNAVAILABLE",
      "The store of express-session failed; its error is the cause.",
      {
        cause,
      },
    );
  }
}
