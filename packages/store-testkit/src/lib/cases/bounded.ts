import { expectTrue } from "../expect.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

/** Log-ins of one user, who never has more than one session at a time. */
const LOG_INS = 200;
/** Records and index entries that may be left of them: some stores tidy up now and then. */
const LEFT = 60;
/** Looks at the size, for a store that tidies up by itself. */
const LOOKS = 200;

export const boundedCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "a user who logs in and out for years leaves nothing behind",
    guarantee: "G8",
    needs: ["sizeOf"],
    async run(bench) {
      const { store, session, clock } = bench;
      for (let at = 0; at < LOG_INS; at++) {
        await store.set(session(`s${at}`, { userKey: "u" }));
        await store.delete(`s${at}`);
      }
      await store.set(session("last", { userKey: "u" }));
      for (let look = 0; (await bench.size()) > LEFT && look < LOOKS; look++) await clock.advance(5);
      const size = await bench.size();
      expectTrue(size <= LEFT, `Of ${LOG_INS} sessions that were ended ${size} entries are left.`);
    },
  }),
  defineCase({
    name: "a user whose sessions expire for years leaves nothing behind",
    guarantee: "G8",
    needs: ["sizeOf", "given time"],
    async run(bench) {
      const { store, session, clock } = bench;
      for (let at = 0; at < LOG_INS; at++) {
        await store.set(session(`s${at}`, { userKey: "u" }));
        await clock.advance(3_600_001);
      }
      await store.set(session("last", { userKey: "u" }));
      await store.listByUser?.("u");
      const size = await bench.size();
      expectTrue(size <= LEFT, `Of ${LOG_INS} sessions that have expired ${size} entries are left.`);
    },
  }),
  defineCase({
    name: "a session that moves to new ids, or from user to user, for years leaves nothing behind",
    guarantee: "G8",
    needs: ["sizeOf", "replace"],
    async run(bench) {
      const { store, session, clock } = bench;
      await store.set(session("0", { userKey: "u0" }));
      for (let at = 1; at <= LOG_INS; at++) {
        const userKey = `u${at % 3}`;
        await store.replace(String(at - 1), session(String(at), { userKey, revision: at + 1 }), at);
      }
      for (let look = 0; (await bench.size()) > LEFT && look < LOOKS; look++) await clock.advance(5);
      const size = await bench.size();
      expectTrue(size <= LEFT, `Of ${LOG_INS} moves of one session ${size} entries are left.`);
    },
  }),
];
