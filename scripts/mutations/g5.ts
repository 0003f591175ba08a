import type { Mutation } from "./mutation.ts";
import { core, memory, redis, shown, shownOnRedis } from "./paths.ts";

export const g5: readonly Mutation[] = [
  {
    breaks: "memory: the session that asks is ended too",
    file: `${memory}/memory-session-store.ts`,
    find: "key !== except &&",
    replace: "key !== undefined &&",
    test: `${shown}/g5-log-out-everywhere.test.ts`,
    only: "spares the session that asks",
  },
  {
    breaks: "memory: a session stays with the user that it has left",
    file: `${memory}/entry-table.ts`,
    find: "removeFromUser(before.userKey, key);",
    replace: "keysByUser.get(key);",
    test: `${shown}/g5-log-out-everywhere.test.ts`,
    only: "changes hands",
  },
  {
    breaks: "memory: of a user's sessions only the newest is found",
    file: `${memory}/entry-table.ts`,
    find: `else if (typeof held !== "string") held.add(key);`,
    replace: `else if (typeof held !== "string") keysByUser.set(userKey, key);`,
    test: `${shown}/g5-log-out-everywhere.test.ts`,
    only: "ends every session of the user",
  },
  {
    breaks: "core: a store that cannot find a user's sessions answers 0",
    file: `${core}/store-access.ts`,
    find: `if (store.deleteByUser === undefined) throw unsupported("deleteByUser");`,
    replace: "if (store.deleteByUser === undefined) return 0;",
    test: `${shown}/g5-log-out-everywhere.test.ts`,
    only: "four methods",
  },
  {
    breaks: "Redis: a session that moves to a new id is not looked for under that",
    file: `${redis}/end-sessions-of-user.ts`,
    find: "allThere = false;",
    replace: "",
    test: `${shownOnRedis}/g5-races.test.ts`,
    only: "moves to a new id meanwhile",
  },
  {
    breaks: "Redis: a session in the midst of a move counts twice",
    file: `${redis}/end-sessions-of-user.ts`,
    find: `filter(({ old }) => !ended.has(old ?? ""))`,
    replace: "filter(() => true)",
    test: `${shownOnRedis}/g5-races.test.ts`,
    only: "moves to a new id meanwhile",
  },
  {
    breaks: "Redis: a session is ended although it has gone to another user",
    file: `${redis}/scripts.ts`,
    find: "if u~=ARGV[1] then return {-1} end\nredis.call('DEL',KEYS[1])",
    replace: "redis.call('DEL',KEYS[1])",
    test: `${shownOnRedis}/g5-log-out-everywhere.test.ts`,
    only: "passed over",
  },
  {
    breaks: "core: without replace, the session that asks is ended too",
    file: `${core}/plain-store.ts`,
    find: "if (key === deleteOptions.except) continue;",
    replace: "",
    test: `${shown}/g5-log-out-everywhere.test.ts`,
    only: "but no replace",
  },
];
