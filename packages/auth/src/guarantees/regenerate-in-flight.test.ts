import { describe, expect, test } from "bun:test";
import { fixture, storeKinds } from "./fixtures.test-kit.ts";

describe.each(storeKinds)("a request in flight with the old id at a regenerate: %s", (kind, create) => {
  test("finds no session from then on, and what it does brings none back [G1]", async () => {
    const { sessions, another } = fixture(create);
    const { id } = await sessions.create({ userId: "u1" });
    const inFlight = another();
    const loaded = await inFlight.get(id);
    const moved = await sessions.regenerate(id, { secondFactor: true });
    expect(loaded?.data).toEqual({ userId: "u1" });
    expect(await inFlight.get(id)).toBeNull();
    expect(await inFlight.merge(id, { late: true })).toBeNull();
    expect(await inFlight.refreshIfDue(id)).toBeNull();
    expect(await inFlight.regenerate(id)).toBeNull();
    await inFlight.touch(id);
    await inFlight.destroy(id);
    expect(await inFlight.get(id)).toBeNull();
    expect((await sessions.get(moved?.id ?? ""))?.data).toEqual({ userId: "u1", secondFactor: true });
  });

  test("writes into the session that moves, or not at all: never into a second one", async () => {
    const { sessions, another, gated } = fixture(create);
    const { id } = await sessions.create({ userId: "u1" });
    const held = gated.holdAfter(kind === "memory" ? "load" : "get");
    const writing = sessions.merge(id, { late: true });
    await held.reached;
    const moving = (kind === "memory" ? another() : sessions).regenerate(id);
    if (kind === "memory") await moving;
    held.release();
    const [written, moved] = [await writing, await moving];
    expect(await sessions.get(id)).toBeNull();
    const late = (await sessions.get(moved?.id ?? ""))?.data.late;
    expect([written?.data.late, late]).toEqual(kind === "memory" ? [undefined, undefined] : [true, true]);
  });
});
