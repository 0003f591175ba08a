import { expect, test } from "bun:test";
import { createFourMethodStore } from "@ventostack/testing";
import { createSessionManager } from "../index.ts";
import { fixture, outcomeOf } from "./fixtures.test-kit.ts";

test("G4 nothing half done: a regenerate whose write fails leaves the old session alive, on four methods too", async () => {
  const { sessions, gated, clock } = fixture(createFourMethodStore);
  const { id } = await sessions.create({ a: 1 });
  const failing = createSessionManager(
    { ...gated.store, set: () => Promise.reject(new Error("disk full")) },
    { clock },
  );
  expect(await outcomeOf(failing.regenerate(id))).toMatchObject({ code: "STORE_UNAVAILABLE" });
  expect((await sessions.get(id))?.data).toEqual({ a: 1 });
});
