import assert from "node:assert/strict";
import * as auth from "@ventostack/auth";

// The documented interfaces are satisfied by the packages, and are enough for them.
const documentedOptions: SessionOptions = { ttl: 60, prefix: "app:", cookieName: "app_sid" };
const realStore: SessionStore = auth.createMemorySessionStore();
const records = new Map<string, Session>();
const writtenByHand: SessionStore = {
  async get(id) {
    const found = records.get(id);
    return found !== undefined && found.expiresAt > Date.now() ? found : null;
  },
  async set(session) {
    records.set(session.id, session);
  },
  async delete(id) {
    records.delete(id);
  },
  async touch(id, ttl) {
    const found = await this.get(id);
    if (found !== null) found.expiresAt = Math.max(found.expiresAt, Date.now() + ttl * 1000);
  },
};
for (const store of [realStore, writtenByHand]) {
  const manager: SessionManager = auth.createSessionManager(store, documentedOptions);
  const created: Session = await manager.create({ userId: "u1" });
  await manager.update(created.id, { theme: "dark" });
  await manager.touch(created.id);
  const found: Session | null = await manager.get(created.id);
  assert.deepEqual(found?.data, { userId: "u1", theme: "dark" });
  await manager.destroy(created.id);
  assert.equal(await manager.get(created.id), null);
}
// The store by itself takes what the documents show.
await realStore.set({ id: "key", data: { a: 1 }, expiresAt: Date.now() + 60_000 });
await realStore.touch("key", 120);
assert.deepEqual((await realStore.get("key"))?.data, { a: 1 });
await realStore.delete("key");
assert.equal(await realStore.get("key"), null);
