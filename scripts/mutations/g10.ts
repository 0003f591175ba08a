import type { Mutation } from "./mutation.ts";
import { cookie, core, redis, shown, shownOnRedis, sql, sqlTests } from "./paths.ts";

export const g10: readonly Mutation[] = [
  {
    breaks: "core: a change whose session is gone is tried again",
    file: `${core}/compare-and-set.ts`,
    find: `if (outcome === "gone") {`,
    replace: `if (outcome === ("never" as string)) {`,
    test: `${shown}/g10-few-trips.test.ts`,
  },
  {
    breaks: "cookie: every request refreshes the session",
    file: `${cookie}/cookie-decision.ts`,
    find: "return isDue(current) ? refresh(request, current.id) : undefined;",
    replace: "return refresh(request, current.id);",
    test: `${cookie}/session-middleware.test.ts`,
    only: "costs one store call",
  },
  {
    breaks: "cookie: an anonymous request gets a cookie",
    file: `${cookie}/cookie-decision.ts`,
    find: "if (current === null) return undefined;\n      if (cookieChange",
    replace: "if (current === null) return cookie.clear(request);\n      if (cookieChange",
    test: `${cookie}/session-middleware.test.ts`,
    only: "an anonymous request",
  },
  {
    breaks: "core: a session is extended before its touch interval has passed",
    file: `${core}/expiry.ts`,
    find: "return lifetimes.ttl - lifetimes.touchInterval;",
    replace: "return lifetimes.ttl;",
    test: `${cookie}/session-middleware.test.ts`,
    only: "one millisecond before touchInterval",
  },
  {
    breaks: "cookie: a cookie that has not the shape of an id is looked up",
    file: `${cookie}/session-cookie.ts`,
    find: `signer.open(findCookie(request.headers.get("cookie"), name))`,
    replace: `findCookie(request.headers.get("cookie"), name)`,
    test: `${cookie}/session-cookie.test.ts`,
    only: "read",
  },
  {
    breaks: "Redis: every touch extends the user's set",
    file: `${redis}/full-store.ts`,
    find: "const INDEX_LIFETIMES = 4;",
    replace: "const INDEX_LIFETIMES = 1;",
    test: `${shownOnRedis}/g3-one-truth-about-expiry.test.ts`,
    only: "outlives the user's sessions",
  },
  {
    breaks: "Redis: a log-out waits for the user's set",
    file: `${redis}/full-store.ts`,
    find: "leaveIndex(ownerOf(value), id);",
    replace: `await index.remove(JSON.parse(ownerOf(value) ?? '""'), [id]);`,
    test: `${shownOnRedis}/g10-nothing-needless.test.ts`,
    only: "destroy: 1",
  },
  {
    breaks: "SQL: every refresh writes",
    file: `${sql}/returning-operations.ts`,
    find: "`expires_at - {now} <= CAST($3 AS bigint) AND",
    replace: "`CAST($3 AS bigint) > -1 AND",
    test: `${sqlTests}/conformance/sqlite.test.ts`,
    only: "refresh with whenBelow extends only",
  },
];
