import { expectSame } from "../expect.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

export const isolationCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "a store sees and ends nothing of a store with another space",
    guarantee: "G9",
    needs: [],
    async run({ store, createStranger, session }) {
      const stranger = await createStranger();
      const own = session("a", { data: { whose: "own" } });
      await store.set(own);
      expectSame(await stranger.get("a"), null, "what the stranger's get gives");
      await stranger.touch("a", 7200);
      await stranger.delete("a");
      expectSame(await store.get("a"), own, "the own session after the stranger's touch and delete");
      await stranger.set(session("a", { data: { whose: "stranger's" } }));
      expectSame(await store.get("a"), own, "the own session after the stranger's set");
      await store.delete("a");
      expectSame((await stranger.get("a"))?.data, { whose: "stranger's" }, "the stranger's session");
    },
  }),
  defineCase({
    name: "a user's sessions in another space are neither listed nor ended",
    guarantee: "G5",
    needs: ["listByUser", "deleteByUser"],
    async run({ store, createStranger, session }) {
      const stranger = await createStranger();
      await store.set(session("a", { userKey: "ada" }));
      await stranger.set(session("b", { userKey: "ada" }));
      expectSame(
        (await stranger.listByUser("ada")).map(({ id }) => id),
        ["b"],
        "the stranger's list",
      );
      expectSame(await stranger.deleteByUser("ada"), 1, "what the stranger's deleteByUser gives");
      expectSame((await store.get("a"))?.id, "a", "the id of the own session");
    },
  }),
];
