import { expectSame } from "../expect.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

/** Text that means something to some database, shell, protocol or language. */
const HOSTILE = [
  " ",
  "a b",
  "a",
  "A",
  "a ",
  "á",
  "a\u0301",
  "*",
  "[a-z]?",
  "%",
  "_",
  "line\nbreak\r\n*1\r\n$7\r\nFLUSHDB",
  "\u0000",
  "a\u0000b",
  "{braces}",
  "{}",
  "}{",
  "user:ada",
  "id:a",
  "a:b",
  "../../etc/passwd",
  "漢字🦊",
  "__proto__",
  "constructor",
  "toString",
  "'; DROP TABLE sessions; --",
  '"quoted" \\ $1 ?',
  "0",
  "-1",
  "null",
  `${"x".repeat(300)}y`,
  `${"x".repeat(300)}z`,
] as const;

export const hostileKeyCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "ids are taken as they are, whatever they hold, and none for another",
    guarantee: "G9",
    needs: [],
    async run({ store, other, session }) {
      for (const id of HOSTILE)
        expectSame(await store.get(id), null, `what get(${label(id)}) gives at first`);
      for (const id of HOSTILE) await store.set(session(id, { data: { id } }));
      for (const id of HOSTILE) {
        expectSame((await other.get(id))?.data, { id }, `the data that get(${label(id)}) gives`);
      }
      for (const [at, id] of HOSTILE.entries()) {
        await store.delete(id);
        expectSame(await other.get(id), null, `what get(${label(id)}) gives after delete`);
        const next = HOSTILE[at + 1];
        if (next === undefined) continue;
        expectSame((await other.get(next))?.data, { id: next }, `the data of ${label(next)} after that`);
      }
    },
  }),
  defineCase({
    name: "users are taken as they are, whatever they are called, and none for another",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser"],
    async run({ store, other, session }) {
      for (const [at, userKey] of HOSTILE.entries()) await store.set(session(`s${at}`, { userKey }));
      for (const [at, userKey] of HOSTILE.entries()) {
        const listed = await other.listByUser(userKey);
        expectSame(
          listed.map((found) => [found.id, found.userKey]),
          [[`s${at}`, userKey]],
          `what listByUser(${label(userKey)}) gives`,
        );
      }
      for (const userKey of HOSTILE) {
        expectSame(await other.deleteByUser(userKey), 1, `what deleteByUser(${label(userKey)}) gives`);
      }
    },
  }),
  defineCase({
    name: "an id is no name of a user, nor of what the store keeps beside the sessions",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser"],
    async run({ store, session }) {
      await store.set(session("same", { userKey: "ada" }));
      await store.set(session("ada", { userKey: "same" }));
      expectSame(await store.deleteByUser("same"), 1, 'what deleteByUser("same") gives');
      expectSame((await store.get("same"))?.id, "same", "the id that is left");
      expectSame(await store.get("ada"), null, "the session of that user");
    },
  }),
];

function label(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
