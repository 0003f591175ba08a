// A program with sessions in a store of one's own: `REDIS_URL=redis://localhost:6379 bun main.ts`.
import { createSessionManager } from "@ventostack/auth";
import { RedisClient } from "bun";
import { createKeyValueStore } from "./key-value-store.ts";

const redis = new RedisClient(process.env.REDIS_URL ?? "redis://localhost:6379");
const sessions = createSessionManager(createKeyValueStore(redis, "example:"), { ttl: 3600 });

const { id } = await sessions.create({ userId: "ada", visits: 0 });
await Promise.all([sessions.update(id, { visits: 1 }), sessions.update(id, { theme: "dark" })]);
console.log("two updates at once:", (await sessions.get(id))?.data);

const moved = await sessions.regenerate(id);
console.log("the old id after a change of id:", await sessions.get(id));

await sessions.destroy(moved?.id ?? "");
await sessions.update(moved?.id ?? "", { late: true });
console.log("a late update of a destroyed session:", await sessions.get(moved?.id ?? ""));
redis.close();
