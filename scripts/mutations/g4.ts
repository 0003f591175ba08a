import type { Mutation } from "./mutation.ts";
import { core, redis, shown, shownOnRedis, sql, sqlTests } from "./paths.ts";

export const g4: readonly Mutation[] = [
  {
    breaks: "four methods: a regenerate removes the old session before the new one is written",
    file: `${core}/plain-store.ts`,
    find: "await write(changed);\n    if (changed.id !== key) await remove(key);",
    replace: "if (changed.id !== key) await remove(key);\n    await write(changed);",
    test: `${shown}/g4-nothing-half-done.test.ts`,
  },
  {
    breaks: "Redis: a session is written without an end",
    file: `${redis}/scripts.ts`,
    find: "redis.call('SET',KEYS[1],ARGV[1],'NX','PXAT',e)",
    replace: "redis.call('SET',KEYS[1],ARGV[1],'NX')",
    test: `${shownOnRedis}/g4-nothing-half-written.test.ts`,
    only: "create without a user",
  },
  {
    breaks: "Redis: an update drops the session's end",
    file: `${redis}/scripts.ts`,
    find: "'XX','KEEPTTL')",
    replace: "'XX')",
    test: `${shownOnRedis}/g4-nothing-half-written.test.ts`,
    only: "update to no user",
  },
  {
    breaks: "Redis: a session is written before it is in its user's set",
    file: `${redis}/full-store.ts`,
    find: "const indexedUntil = await addToIndex(session);\n",
    replace:
      "const indexedUntil = MAX_TIME;\n    pruner.inBackground(async () => {\n      await Bun.sleep(1);\n      await addToIndex(session);\n    });\n",
    test: `${shownOnRedis}/g4-nothing-half-written.test.ts`,
    only: "create leaves every key",
  },
  {
    breaks: "Redis: a touch extends a session beyond its user's set",
    file: `${redis}/scripts.ts`,
    find: "if t>i then return {v,2} end\n",
    replace: "",
    test: `${shownOnRedis}/g4-nothing-half-written.test.ts`,
    only: "touch leaves every key",
  },
  {
    breaks: "Redis: a session changes hands before it is in its new user's set",
    file: `${redis}/scripts.ts`,
    find: "  return {3}\n",
    replace: "  i=i\n",
    test: `${shownOnRedis}/g4-nothing-half-written.test.ts`,
    only: "update to another user",
  },
  {
    breaks: "Redis: a log-in prunes the member of another one that is under way",
    file: `${redis}/full-store.ts`,
    find: "if (age < IN_FLIGHT) return true;",
    replace: "",
    test: `${shownOnRedis}/g4-nothing-half-written.test.ts`,
    only: "is not pruned by another one",
  },
  {
    breaks: "SQL: a statement that fails takes the writes of others back with it",
    file: `${sql}/sqlite-engine.ts`,
    find: "if (!database.inTransaction) throw error;",
    replace: "throw error;",
    test: `${sqlTests}/lib/sqlite-store.test.ts`,
    only: "each with its own answer",
  },
  {
    breaks: "SQL: a write is answered, and committed later",
    file: `${sql}/sqlite-engine.ts`,
    find: `database.execute("COMMIT");`,
    replace: `setImmediate(() => database.execute("COMMIT"));`,
    test: `${sqlTests}/lib/sqlite-store.test.ts`,
    only: "before it is committed",
  },
];
