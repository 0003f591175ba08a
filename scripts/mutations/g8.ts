import type { Mutation } from "./mutation.ts";
import { core, memory, redis, shown, shownOnRedis, sql, sqlTests } from "./paths.ts";

export const g8: readonly Mutation[] = [
  {
    breaks: "core: a trip's timer is left running",
    file: `${core}/deadlines.ts`,
    find: "    clearTimeout(timer);\n",
    replace: "",
    test: `${shown}/g8-bounded.test.ts`,
  },
  {
    breaks: "core: the queue keeps an entry for every session there ever was",
    file: `${core}/keyed-queue.ts`,
    find: "if (last.get(key) === turn) last.delete(key);",
    replace: "",
    test: `${core}/keyed-queue.test.ts`,
  },
  {
    breaks: "memory: a sweep removes nothing",
    file: `${memory}/entry-table.ts`,
    find: "if (entry.expiresAt <= now && remove(key)) removed++;",
    replace: "if (entry.expiresAt <= now) removed++;",
    test: `${memory}/sweeper.test.ts`,
    only: "removes every expired session",
  },
  {
    breaks: "memory: maxSessions bounds nothing",
    file: `${memory}/entry-table.ts`,
    find: "entries.size > maxEntries &&",
    replace: "entries.size < 0 &&",
    test: `${memory}/memory-session-store.test.ts`,
    only: "the limit",
  },
  {
    breaks: "memory: users who have no session any more stay",
    file: `${memory}/entry-table.ts`,
    find: "if (held === key) keysByUser.delete(userKey);\n    else if",
    replace: "if",
    test: `${memory}/entry-table.test.ts`,
  },
  {
    breaks: "Redis: a user's set is never pruned at a log-in",
    file: `${redis}/pruner.ts`,
    find: "if (size <= SLACK) return;",
    replace: "if (size > 0) return;",
    test: `${redis}/pruner.test.ts`,
  },
  {
    breaks: "Redis: a listing leaves the expired sessions that it met in the user's set",
    file: `${redis}/full-store.ts`,
    find: "await index.remove(userKey, idsOf(dead), readAt);",
    replace: "void dead;",
    test: `${shownOnRedis}/g8-bounded.test.ts`,
    only: "is emptied by a listing",
  },
  {
    breaks: "SQL: a sweep removes one batch",
    file: `${sql}/sweeper.ts`,
    find: "if (some < SWEEP_BATCH) break;",
    replace: "break;",
    test: `${sqlTests}/lib/sweeper.test.ts`,
    only: "batch after batch",
  },
  {
    breaks: "SQL: a sweep leaves what has expired",
    file: `${sql}/returning-operations.ts`,
    find: `"(SELECT seq FROM {table} WHERE expires_at <= {now} ORDER BY expires_at LIMIT $1)"`,
    replace: `"(SELECT seq FROM {table} WHERE expires_at < 0 AND {now} > 0 ORDER BY expires_at LIMIT $1)"`,
    test: `${sqlTests}/lib/sqlite-store.test.ts`,
    only: "a sweep removes the rest",
  },
];
