import type { Mutation } from "./mutation.ts";
import { core, memory, redis, shown, shownOnRedis, sql, sqlTests } from "./paths.ts";

export const g2: readonly Mutation[] = [
  {
    breaks: "memory: a write does not look whether another one came first",
    file: `${memory}/memory-session-store.ts`,
    find: `if (table.revision(slot) !== revision) return "changed";`,
    replace: "",
    test: `${shown}/g2-no-lost-updates.test.ts`,
    only: "between managers",
  },
  {
    breaks: "core: a change that was overtaken is given up as if the session were gone",
    file: `${core}/compare-and-set.ts`,
    find: `if (outcome !== "changed") return outcome;`,
    replace: `return outcome === "changed" ? null : outcome;`,
    test: `${shown}/g2-no-lost-updates.test.ts`,
    only: "between managers",
  },
  {
    breaks: "core: undefined in a patch leaves the key",
    file: `${core}/session-data.ts`,
    find: "for (const key of patch.remove) delete merged[key];",
    replace: "",
    test: `${shown}/g2-no-lost-updates.test.ts`,
    only: "undefined removes a key",
  },
  {
    breaks: "four methods: two updates read before either has written",
    file: `${core}/plain-store.ts`,
    find: `change: (key, make) => inTurn(key, "update", () => change(key, make)),`,
    replace: "change,",
    test: `${shown}/g2-no-lost-updates.test.ts`,
    only: "four methods keep updates apart",
  },
  {
    breaks: "Redis: an update does not compare revisions",
    file: `${redis}/scripts.ts`,
    find: "if r~=ARGV[1] then return {2} end\nlocal w=ARGV[2]",
    replace: "local w=ARGV[2]",
    test: `${shownOnRedis}/g2-no-lost-updates.test.ts`,
    only: "both of two updates are kept",
  },
  {
    breaks: "Redis: a regenerate does not look whether an update came in between",
    file: `${redis}/scripts.ts`,
    find: "if r~=ARGV[1] then return {2} end\nredis.call('DEL',KEYS[1])",
    replace: "redis.call('DEL',KEYS[1])",
    test: `${shownOnRedis}/g2-no-lost-updates.test.ts`,
    only: "lands within a regenerate",
  },
  {
    breaks: "SQL: a write does not look whether another one came first",
    file: `${sql}/returning-operations.ts`,
    find: `"WHERE id = $1 AND revision = $10 AND expires_at`,
    replace: `"WHERE id = $1 AND expires_at`,
    test: `${sqlTests}/conformance/sqlite.test.ts`,
    only: "none of their updates",
  },
  {
    breaks: "SQL: of two who insert under one id both do",
    file: `${sql}/returning-operations.ts`,
    find: "seq = {next} WHERE held.expires_at <= {now} RETURNING id`",
    replace: "seq = {next} RETURNING id`",
    test: `${sqlTests}/conformance/sqlite.test.ts`,
    only: "insert under one id at once",
  },
];
