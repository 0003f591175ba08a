import type { RedisInspector, Scanned } from "@ventostack/store-redis/inspect";
import { examineServers } from "../doctor/redis-servers.ts";
import type { Batch, InspectedStore } from "./inspected-store.ts";

export function createRedisInspectedStore(inspector: RedisInspector): InspectedStore {
  return {
    store: inspector.store,
    examine: async () => examineServers(await inspector.servers()),
    size: () => inspector.keyCount(),
    records: () => batches(inspector.sessions()),
    indexes: (options) => batches(inspector.userSets(options)),
    close: () => inspector.close(),
  };
}

async function* batches<Item>(scanned: AsyncIterable<Scanned<Item>>): AsyncGenerator<Batch<Item>> {
  for await (const { items, keys } of scanned) yield { items, size: keys };
}
