import type { Mutation } from "./mutation.ts";
import { cookie, core, redis, shown, shownOnRedis } from "./paths.ts";

export const g6: readonly Mutation[] = [
  {
    breaks: "core: a store that rejects is taken for one without the session",
    file: `${core}/store-trip.ts`,
    find: "            fail(error);\n          },\n        );",
    replace: "            resolve(accept(null as never, subject));\n          },\n        );",
    test: `${shown}/g6-absence-is-not-failure.test.ts`,
    only: "a store that rejects",
  },
  {
    breaks: "core: a store that hangs is waited for longer than was configured",
    file: `${core}/store-trip.ts`,
    find: "createDeadlines(timeout);",
    replace: "createDeadlines(timeout * 2);",
    test: `${shown}/g6-absence-is-not-failure.test.ts`,
    only: "the limit is the one that was configured",
  },
  {
    breaks: "core: a record of a later release is read as if it were of this one",
    file: `${core}/stored-session.ts`,
    find: "if (version !== RECORD_VERSION) {",
    replace: "if (version === 0) {",
    test: `${shown}/g6-absence-is-not-failure.test.ts`,
    only: "an unknown version",
  },
  {
    breaks: "core: those who wait their turn wait for all before them",
    file: `${core}/turns.ts`,
    find: "if (performance.now() - askedAt > timeout) {",
    replace: "if (askedAt < 0) {",
    test: `${shown}/g6-absence-is-not-failure.test.ts`,
    only: "no caller waits for all those before it",
  },
  {
    breaks: "Redis: a command that fails is taken for a session that is absent",
    file: `${redis}/full-store.ts`,
    find: ".then((value) => decodeIfAny(id, value), toRecordError);",
    replace: ".then((value) => decodeIfAny(id, value), () => null);",
    test: `${shownOnRedis}/g6-absence-is-not-failure.test.ts`,
    only: "a hash rejects",
  },
  {
    breaks: "Redis: a value that is no record is taken for a session that is absent",
    file: `${redis}/full-store.ts`,
    find: "return value === null || value === undefined ? null : decodeRecord(id, value);",
    replace: `return String(value).startsWith('{"v"') ? decodeRecord(id, value) : null;`,
    test: `${shownOnRedis}/g6-absence-is-not-failure.test.ts`,
    only: "^G6.* text rejects",
  },
  {
    breaks: "cookie: a store that is down makes the request an anonymous one",
    file: `${cookie}/load-session.ts`,
    find: `if (!(error instanceof SessionError && error.code === "CORRUPT_RECORD")) throw error;`,
    replace: "",
    test: `${cookie}/unavailable.test.ts`,
    only: "when the session is loaded",
  },
  {
    breaks: "core: a by-user call has one trip's time for all of its trips",
    file: `${core}/store-trip.ts`,
    find: "call(() => deadline && deadlines.restart(deadline))",
    replace: "call(() => undefined)",
    test: `${shown}/g6-absence-is-not-failure.test.ts`,
    only: "each of its trips",
  },
];
