import { afterAll, beforeAll, expect, test } from "bun:test";
import { createSessionManager } from "@ventostack/auth-core";
import {
  type RedisCluster,
  type RedisSentinel,
  startCluster,
  startSentinel,
} from "@ventostack/testing/redis";
import { createRedisInspector, type RedisInspector, type Scanned } from "../inspect.ts";

let cluster: RedisCluster;
let group: RedisSentinel;

beforeAll(async () => {
  [cluster, group] = await Promise.all([startCluster({ replicas: 0 }), startSentinel({ replicas: 0 })]);
});
afterAll(() => Promise.all([cluster.stop(), group.stop()]));

async function all<Item>(scanned: AsyncIterable<Scanned<Item>>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const { items } of scanned) found.push(...items);
  return found;
}

async function expectAllSeen(inspector: RedisInspector, servers: number): Promise<void> {
  try {
    const sessions = createSessionManager(inspector.store);
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    const handles = [];
    for (const userId of users) handles.push(sessions.handleOf((await sessions.create({ userId })).id));

    expect(await inspector.servers()).toHaveLength(servers);
    expect(await inspector.keyCount()).toBe(40);
    const found = await all(inspector.sessions());
    expect(found.map(({ name }) => name).sort()).toEqual(handles.sort());
    for (const { isIndexed, session } of found) {
      expect(isIndexed).toBe(true);
      expect(session?.userKey).toStartWith("user-");
    }
    const sets = await all(inspector.userSets({ prune: true }));
    expect(sets).toEqual(users.map(() => ({ members: 1, stale: 0, removed: 0, hasEnd: true })));
  } finally {
    await inspector.close();
  }
}

test("the sessions of every node of a Cluster are seen", async () => {
  const urls = cluster.nodes.map(({ url }) => url);
  await expectAllSeen(createRedisInspector({ cluster: urls.slice(0, 1) }), urls.length);
});

test("those behind Sentinels are seen on the primary", async () => {
  const nodes = group.sentinels.map(({ host, port }) => ({ host, port }));
  await expectAllSeen(createRedisInspector({ sentinel: { name: group.name, nodes } }), 1);
});
