// Four processes on one Redis that is killed and frozen at random, for as long as is asked, and a check of all that they
// saw. Not part of the tests: those make such moments on purpose, this looks for ones that nobody thought of.
// Usage: bun run soak [minutes] [--plant=NAME]; scripts/soak/plants.ts has the bugs that can be planted.
import { createSessionManager } from "../packages/auth/src/index.ts";
import { createRedisClient, createRedisSessionStore } from "../packages/store-redis/src/index.ts";
import { startRedis } from "../testing/redis/index.ts";
import { checkHistory } from "./soak/check-history.ts";
import { startFaults } from "./soak/faults.ts";
import { createFigures } from "./soak/figures.ts";
import { lookAround } from "./soak/look-around.ts";
import { plants } from "./soak/plants.ts";
import { LASTING, STORE_TIMEOUT } from "./soak/protocol.ts";
import { startSoakWorkers } from "./soak/workers.ts";

const args = process.argv.slice(2);
const minutes = Number(args.find((arg) => !arg.startsWith("--")) ?? 1);
const plant = args.find((arg) => arg.startsWith("--plant="))?.slice("--plant=".length);
if (!(minutes > 0) || (plant !== undefined && !Object.hasOwn(plants, plant))) {
  console.error(`Usage: bun run soak [minutes] [--plant=${Object.keys(plants).join("|")}]`);
  process.exit(2);
}

const WORKERS = 4;
/** Milliseconds of work before all that happened is looked through and forgotten. */
const EPOCH = 10_000;
/** Milliseconds that four processes on two processors may have to wait for one. */
const SLACK = 1500;

// What it has acknowledged survives its death: whatever is lost then, we lost it.
const server = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
const workers = await startSoakWorkers(WORKERS, { url: server.url, plant });
const client = createRedisClient({ url: server.url, commandTimeout: 10_000 });
const observer = createSessionManager(createRedisSessionStore({ client }), {
  ...LASTING,
  storeTimeout: 20_000,
});
const figures = createFigures();
const endsAt = Date.now() + minutes * 60_000;

for (let epoch = 1; Date.now() < endsAt; epoch++) {
  const users = [1, 2, 3, 4].flatMap((user) => [`e${epoch}-u${user}`, `e${epoch}-u${user}-brief`]);
  const faults = startFaults(server);
  const events = await workers.work(users, Math.min(Date.now() + EPOCH, endsAt));
  await faults.stop();
  events.push(...(await lookAround(observer, users, events)));
  const violations = checkHistory(events, { trip: STORE_TIMEOUT, slack: SLACK });
  console.log(figures.add(epoch, events, faults, violations));
  await server.command("FLUSHALL");
}

await workers.stop();
await client.close();
await server.stop();
console.log(figures.summary());
process.exit(figures.violations > 0 ? 1 : 0);
