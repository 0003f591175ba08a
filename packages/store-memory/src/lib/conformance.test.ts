import { describeSessionStore } from "@ventostack/store-testkit";
import { createMemorySessionStore, type MemorySessionStore } from "./memory-session-store.ts";

describeSessionStore("the memory store", ({ clock }) => createMemorySessionStore({ clock }), {
  time: "given",
  async sizeOf(store) {
    const memory = store as MemorySessionStore;
    await memory.sweep();
    return memory.size;
  },
});
