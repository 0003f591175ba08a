import { expect, test } from "bun:test";
import { createMemory, fixture } from "./fixtures.test-kit.ts";

test("G10 few trips: an update whose session is gone at the write asks the store for nothing more", async () => {
  const { sessions, another, gated } = fixture(createMemory);
  const { id } = await sessions.create();
  const held = gated.holdBefore("replace");
  const updating = sessions.merge(id, { a: 1 });
  await held.reached;
  await another().destroy(id);
  gated.calls.length = 0;
  held.release();
  expect(await updating).toBeNull();
  expect(gated.calls).toEqual([]);
});
