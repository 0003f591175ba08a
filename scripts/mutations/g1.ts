import type { Mutation } from "./mutation.ts";
import { cookie, core, memory, redis, shown, shownOnRedis, sql, sqlTests } from "./paths.ts";

export const g1: readonly Mutation[] = [
  {
    breaks: "memory: a late write puts the session back",
    file: `${memory}/memory-session-store.ts`,
    find: `if (entry === undefined) return "gone";`,
    replace: `if (entry === undefined) {\n        write(session);\n        return "replaced";\n      }`,
    test: `${shown}/g1-dead-stays-dead.test.ts`,
    only: "between managers",
  },
  {
    breaks: "four methods: a change does not wait for the destroy under way",
    file: `${core}/plain-store.ts`,
    find: `change: (key, make) => inTurn(key, "update", () => change(key, make)),`,
    replace: "change,",
    test: `${shown}/g1-dead-stays-dead.test.ts`,
    only: "four methods",
  },
  {
    breaks: "core: a session made anew under the same key passes for the one before (ABA)",
    file: `${core}/session-records.ts`,
    find: "revision: Math.floor(Math.random() * 2 ** 40),",
    replace: "revision: 1,",
    test: `${shown}/g1-dead-stays-dead.test.ts`,
    only: "ABA",
  },
  {
    breaks: "memory: after a regenerate the old id still opens the session",
    file: `${memory}/memory-session-store.ts`,
    find: "        table.delete(key);\n        write(session);",
    replace: "        write(session);",
    test: `${shown}/g1-dead-stays-dead.test.ts`,
    only: "after a regenerate the old id is dead",
  },
  {
    breaks: "Redis: a regenerate that lost against a destroy leaves its new session",
    file: `${redis}/full-store.ts`,
    find: `    await command("DEL", session.id);\n    if (session.userKey`,
    replace: "    if (session.userKey",
    test: `${shownOnRedis}/g1-dead-stays-dead.test.ts`,
    only: "regenerate and destroy",
  },
  {
    breaks: "Redis: an update of a session that is gone writes it anew",
    file: `${redis}/scripts.ts`,
    find: "if not v then return {0} end\nlocal e,i,r,u",
    replace:
      "if not v then redis.call('SET',KEYS[1],ARGV[2],'PX',60000) return {1,'\"\"','0'} end\nlocal e,i,r,u",
    test: `${shownOnRedis}/g1-dead-stays-dead.test.ts`,
    only: "update and destroy",
  },
  {
    breaks: "cookie: the cookie of a session that was ended during the request is renewed",
    file: `${cookie}/cookie-decision.ts`,
    find: "return refreshed?.extended ? cookie.issue(request, id, refreshed.session.expiresAt) : undefined;",
    replace: "return cookie.issue(request, id, refreshed?.session.expiresAt ?? clock() + 1000);",
    test: `${cookie}/session-middleware.test.ts`,
    only: "G1",
  },
  {
    breaks: "SQL: a late update puts the session back",
    file: `${sql}/returning-operations.ts`,
    find: "const { rows } = yield call(rewrite, ...values, revision);",
    replace: "const { rows } = yield call(insertOrRewrite, ...values);",
    test: `${sqlTests}/conformance/sqlite.test.ts`,
    only: "nothing brings a deleted session back",
  },
  {
    breaks: "SQL: after a regenerate the old id still opens the session",
    file: `${sql}/returning-operations.ts`,
    find: "const { rows, isTaken } = yield call(move, ...values, revision, toKeyText(id));",
    replace: "const { rows, isTaken } = yield call(insertOrRewriteDead, ...values);",
    test: `${sqlTests}/conformance/sqlite.test.ts`,
    only: "new id",
  },
];
