import {
  createMemorySessionStore,
  createRedisSessionStore,
  createSessionManager,
  createSessionMiddleware,
  type SessionManager,
} from "../../packages/auth/src/index.ts";
import { createRedisClient } from "../../packages/cache/src/index.ts";
import { startRedis } from "../../testing/redis/index.ts";
import { microsecondsPer } from "./timing.ts";

/** A user with so many sessions: microseconds for one more, for all of them listed, and ended. */
export async function sessionsOfUser(counts: readonly number[]): Promise<object[]> {
  const redis = await startRedis();
  const client = createRedisClient({ url: redis.url, commandTimeout: 10_000 });
  const results: object[] = [];
  try {
    for (const [store, manager] of [
      ["memory", createSessionManager(createMemorySessionStore())],
      ["Redis", createSessionManager(createRedisSessionStore({ client }), { storeTimeout: 10_000 })],
    ] as const) {
      for (const sessions of counts)
        results.push({ store, sessions, ...(await ofOneUser(manager, sessions)) });
    }
  } finally {
    await client.close();
    await redis.stop();
  }
  return results;
}

async function ofOneUser(manager: SessionManager, sessions: number): Promise<object> {
  const userId = `user-with-${sessions}`;
  const create = () => manager.create({ userId, role: "user" });
  for (let made = 0; made < sessions; made += 100) {
    await Promise.all(Array.from({ length: Math.min(100, sessions - made) }, create));
  }
  const few = Math.min(20, sessions);
  const createOne = await microsecondsPer(create, { steps: few, rounds: 3 });
  const list = await microsecondsPer(() => manager.listByUser(userId), {
    steps: Math.max(1, 2000 / sessions),
    rounds: 3,
  });
  const begun = performance.now();
  const ended = await manager.destroyByUser(userId);
  const end = ((performance.now() - begun) * 1000) / ended;
  return {
    create: createOne,
    listEach: Number((list / ended).toPrecision(4)),
    endEach: Number(end.toPrecision(4)),
  };
}

/** A `Cookie` header of so many bytes, with ours at its end: microseconds for a signed-in request past the middleware. */
export async function cookieHeaders(sizes: readonly number[]): Promise<object[]> {
  const manager = createSessionManager(createMemorySessionStore());
  const middleware = createSessionMiddleware(manager);
  const { id } = await manager.create({ userId: "u1" });
  const results: object[] = [];
  for (const bytes of sizes) {
    const others = Math.floor((bytes - 47) / 40);
    const cookie = `${Array.from({ length: others }, (_, at) => `other-${String(at).padStart(3, "0")}=${"v".repeat(28)}; `).join("")}sid=${id}`;
    const request = new Request("http://localhost/me", { headers: { cookie } });
    const next = async (): Promise<Response> => new Response("ok");
    const microseconds = await microsecondsPer(() => middleware({ request, state: {} }, next));
    results.push({ bytes: cookie.length, microseconds });
  }
  return results;
}

/** Session data of so many bytes: microseconds for `get` and `create`, and for its JSON alone. */
export async function sessionData(sizes: readonly number[]): Promise<object[]> {
  const redis = await startRedis();
  const client = createRedisClient({ url: redis.url });
  const results: object[] = [];
  try {
    for (const [store, manager] of [
      ["memory", createSessionManager(createMemorySessionStore())],
      ["Redis", createSessionManager(createRedisSessionStore({ client }))],
    ] as const) {
      for (const bytes of sizes) {
        const list = Array.from({ length: Math.max(1, Math.round((bytes - 30) / 43)) }, (_, at) => ({
          article: `article-${String(at).padStart(5, "0")}`,
          count: 2,
        }));
        const data = { userId: "u1", list };
        const json = JSON.stringify(data);
        const { id } = await manager.create(data);
        const timing = { steps: Math.max(20, Math.min(1000, 500_000 / bytes)), rounds: 5 };
        results.push({
          store,
          bytes: json.length,
          get: await microsecondsPer(() => manager.get(id), timing),
          create: await microsecondsPer(() => manager.create({ ...data, userId: undefined }), timing),
          parse: await microsecondsPer(() => JSON.parse(json), timing),
          stringify: await microsecondsPer(() => JSON.stringify(data), timing),
        });
      }
    }
  } finally {
    await client.close();
    await redis.stop();
  }
  return results;
}
