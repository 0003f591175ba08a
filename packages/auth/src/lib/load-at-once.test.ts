import { expect, test } from "bun:test";
import { createSessionManager, type SessionStore } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";

test("load gives the session itself where the store answers at once, and what get gives", async () => {
  const manager = createSessionManager(createMemorySessionStore());
  const { id } = await manager.create({ userId: "u1" });
  const loaded = manager.load(id);
  expect(manager.load.atOnce).toBe(true);
  expect(loaded).not.toBeInstanceOf(Promise);
  expect(loaded).toEqual(await manager.get(id));
  await manager.destroy(id);
  expect([manager.load(id), manager.load("no id")]).toEqual([null, null]);
});

test("load gives a promise where the store or the schema has to be waited for", async () => {
  const memory = createMemorySessionStore();
  const plain: SessionStore = {
    get: memory.get,
    set: memory.set,
    delete: memory.delete,
    touch: memory.touch,
  };
  const validate = async (value: unknown) => ({ value: value as { userId: string } });
  const schema = { "~standard": { version: 1, vendor: "test", validate } } as const;
  for (const manager of [createSessionManager(plain), createSessionManager(memory, { schema })]) {
    const { id } = await manager.create({ userId: "u1" });
    const loaded = manager.load(id);
    expect(manager.load.atOnce).toBeUndefined();
    expect(loaded).toBeInstanceOf(Promise);
    expect((await loaded)?.data).toEqual({ userId: "u1" });
    await manager.destroy(id);
    expect(await manager.load(id)).toBeNull();
  }
});

test.each<[string, () => Promise<never>]>([
  [
    "throws",
    () => {
      throw new Error("down");
    },
  ],
  ["rejects", () => Promise.reject(new Error("down"))],
])("load fails as get does where the store %s", async (_, load) => {
  const manager = createSessionManager({ ...createMemorySessionStore(), load });
  const id = "A".repeat(43);
  await expect(manager.get(id)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await expect((async () => manager.load(id))()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
});

test("a schema whose answer has a then of its own is waited for, and what does not fit is no session", async () => {
  const validate = (value: unknown) => {
    const { userId } = value as { userId?: string };
    const result = userId === "u1" ? { value: { userId } } : { issues: [{ message: "unknown" }] };
    // biome-ignore lint/suspicious/noThenProperty: what such a validator gives
    return { then: (resolve: (result: unknown) => void) => resolve(result) } as unknown as Promise<
      { value: { userId: string } } | { issues: { message: string }[] }
    >;
  };
  const memory = createMemorySessionStore();
  const manager = createSessionManager(memory, {
    schema: { "~standard": { version: 1, vendor: "test", validate } },
  });
  const { id: fitting } = await manager.create({ userId: "u1" });
  const { id: unfit } = await createSessionManager(memory).create({ userId: "u2" });
  const loaded = manager.load(fitting);
  expect([loaded instanceof Promise, (await loaded)?.data]).toEqual([true, { userId: "u1" }]);
  await expect((async () => manager.load(unfit))()).rejects.toMatchObject({ code: "CORRUPT_RECORD" });
});
