import type { Bench } from "../bench.ts";
import { expectSame, expectTrue } from "../expect.ts";
import { expectEnd, onShortLife, SKEW } from "../lifetime.ts";
import { race } from "../race.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

/** Milliseconds by which a store that counts in whole seconds may let a session live longer than it was told to. */
const WHOLE_SECOND = 1000;

export const touchCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "a touch lets the session live for ttl seconds from now, and get says so",
    guarantee: "G3",
    needs: [],
    async run({ store, other, session, clock }) {
      await store.set(session("a"));
      for (const ttl of [7200, 10_000.5]) {
        const before = clock.now();
        await store.touch("a", ttl);
        const end = (await other.get("a"))?.expiresAt ?? 0;
        expectTrue(end >= before + ttl * 1000 - SKEW, `touch(id, ${ttl}) gives the session less than that.`);
        const latest = clock.now() + ttl * 1000 + WHOLE_SECOND + SKEW;
        expectTrue(end <= latest, `touch(id, ${ttl}) gives the session ${end - latest} ms more than that.`);
      }
    },
  }),
  defineCase({
    name: "a touch changes the end alone",
    guarantee: "G3",
    needs: [],
    async run({ store, other, session }) {
      const given = session("a", { userKey: "u", revision: 9, data: { list: [{}] }, notes: { device: {} } });
      await store.set(given);
      await store.touch("a", 7200);
      const { expiresAt, ...rest } = (await other.get("a")) ?? {};
      expectTrue((expiresAt ?? 0) > given.expiresAt, "The touch has to extend the session.");
      expectSame({ ...rest, expiresAt: given.expiresAt }, given, "the rest of the session");
    },
  }),
  defineCase({
    name: "a touched session lives until the end that get gives, and no longer",
    guarantee: "G3",
    needs: [],
    async run(bench) {
      const { store, other, session, clock } = bench;
      let end = 0;
      const { id } = await onShortLife(bench, async (life) => {
        await store.set(session(life.id, life));
        await store.touch(life.id, (life.expiresAt - clock.now() + 400) / 1000);
        end = (await other.get(life.id))?.expiresAt ?? 0;
        expectTrue(end > life.expiresAt, "The touch has to extend the session.");
      });
      await expectEnd(bench, end, () => other.get(id));
    },
  }),
  defineCase({
    name: "a touch never shortens a session's life",
    guarantee: "G3",
    needs: [],
    async run(bench) {
      const { store, other, session, clock } = bench;
      const given = session("a");
      await store.set(given);
      await store.touch("a", 0.05);
      expectSame((await other.get("a"))?.expiresAt, given.expiresAt, "the expiresAt after a short touch");
      await clock.advance(50 + 2 * SKEW);
      expectSame((await other.get("a"))?.expiresAt, given.expiresAt, "the expiresAt after that time");
    },
  }),
  defineCase({
    name: "of two touches at once the one that gives more counts",
    guarantee: "G3",
    needs: ["atomic"],
    async run(bench) {
      const { store, other, session, clock } = bench;
      await race(bench, async (round) => {
        const id = `s${round}`;
        await store.set(session(id));
        const before = clock.now();
        return {
          first: () => store.touch(id, 7200),
          second: () => other.touch(id, 90_000),
          async check() {
            const end = (await store.get(id))?.expiresAt ?? 0;
            expectTrue(end >= before + 90_000_000 - SKEW, "The shorter touch has undone the longer one.");
          },
        };
      });
    },
  }),
  defineCase({
    name: "touch and refresh never pass the absolute end",
    guarantee: "G3",
    needs: ["refresh"],
    async run(bench) {
      const { store, other, session, clock } = bench;
      const absoluteExpiresAt = clock.now() + 5_000_000;
      await store.set(session("a", { absoluteExpiresAt }));
      await store.touch("a", 7200);
      expectSame((await other.get("a"))?.expiresAt, absoluteExpiresAt, "the expiresAt after a touch");
      await store.set(session("b", { absoluteExpiresAt }));
      expectSame(
        (await store.refresh("b", 7200))?.session.expiresAt,
        absoluteExpiresAt,
        "what refresh gives",
      );
      expectSame((await other.get("b"))?.expiresAt, absoluteExpiresAt, "what get gives after it");
      const { id, expiresAt } = await onShortLife(bench, async (life) => {
        await store.set(session(life.id, { ...life, absoluteExpiresAt: life.expiresAt }));
        await store.touch(life.id, 3600);
        await store.refresh(life.id, 3600);
      });
      await expectEnd(bench, expiresAt, () => other.get(id));
    },
  }),
  defineCase({
    name: "refresh extends the session, and gives it with the end that it has then",
    guarantee: "G3",
    needs: ["refresh"],
    async run({ store, other, session, clock }) {
      const given = session("a", { userKey: "u", data: { list: [1] }, notes: { device: { label: "x" } } });
      await store.set(given);
      const before = clock.now();
      const refreshed = await store.refresh("a", 7200);
      const end = refreshed?.session.expiresAt ?? 0;
      expectSame(refreshed?.extended, true, "extended");
      expectTrue(end >= before + 7_200_000 - SKEW, "refresh gives the session less than ttl seconds.");
      expectSame(refreshed?.session, { ...given, expiresAt: end }, "the session that refresh gives");
      expectSame(await other.get("a"), { ...given, expiresAt: end }, "what get gives after it");
      expectSame((await store.refresh("a", 1))?.extended, false, "extended, for a shorter life");
      expectSame((await other.get("a"))?.expiresAt, end, "the expiresAt after a shorter refresh");
      expectSame(await store.refresh("absent", 7200), null, "what refresh gives for what is absent");
      expectSame(await store.get("absent"), null, "what get gives for it");
    },
  }),
  defineCase({
    name: "refresh with whenBelow extends only a session that has no more than that left",
    guarantee: "G10",
    needs: ["refresh"],
    async run({ store, session, clock }) {
      const given = session("a", { expiresAt: clock.now() + 50_000 });
      await store.set(given);
      const early = await store.refresh("a", 3600, 40);
      expectSame([early?.extended, early?.session], [false, given], "what refresh gives with more left");
      expectSame((await store.refresh("a", 3600, 60))?.extended, true, "extended, with less left");
      expectSame((await store.refresh("a", 3600, 60))?.extended, false, "extended, once it has been");
    },
  }),
  defineCase({
    name: "of many clients that refresh at once with whenBelow, one extends the session",
    guarantee: "G10",
    needs: ["refresh", "atomic"],
    async run(bench) {
      await race(bench, (round) => refreshRace(bench, `s${round}`, {}));
      await race(bench, (round) => refreshRace(bench, `of u ${round}`, { userKey: "u" }));
      const { store, other, session, clock } = bench;
      await store.set(session("many", { expiresAt: clock.now() + 50_000, userKey: "u" }));
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? store : other).refresh("many", 3600, 60)),
      );
      const ends = new Set(outcomes.map((outcome) => outcome?.session.expiresAt));
      expectSame(outcomes.filter((outcome) => outcome?.extended).length, 1, "how many have extended it");
      expectSame(ends.size, 1, "the number of ends that they were given");
    },
  }),
];

async function refreshRace(
  { store, other, session, clock }: Bench<"refresh">,
  id: string,
  fields: { userKey?: string },
) {
  await store.set(session(id, { expiresAt: clock.now() + 50_000, ...fields }));
  type Outcome = Awaited<ReturnType<typeof store.refresh>>;
  return {
    first: () => store.refresh(id, 3600, 60),
    second: () => other.refresh(id, 3600, 60),
    check(first: Outcome, second: Outcome) {
      const extended = [first?.extended, second?.extended].filter(Boolean).length;
      expectSame(extended, 1, "how many of two have extended it");
    },
  };
}
