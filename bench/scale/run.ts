// What things cost as there are more of them: sessions, a user's sessions, bytes of cookie and of data, nodes of a Cluster;
// and what the packages weigh. Needs redis-server. The largest numbers take some gigabytes of memory.
// Usage: bun scale/run.ts [--max-memory=1000000] [--max-redis=1000000] [--out=results/scale.json]
import { option } from "../lib/arguments.ts";
import { describeMachine } from "../lib/machine.ts";
import { bundleSizes, importTimes } from "./footprint.ts";
import { redisCluster, redisSessions } from "./redis-sessions.ts";
import { cookieHeaders, sessionData, sessionsOfUser } from "./sizes.ts";

const upTo = (name: string): number[] =>
  [1e3, 1e4, 1e5, 1e6, 1e7].filter((count) => count <= Number(option(name, "1000000")));
const OUT = option("out", "");

function memorySessions(sessions: number): object {
  const child = Bun.spawnSync([process.execPath, `${import.meta.dir}/memory-sessions.ts`, String(sessions)], {
    stderr: "inherit",
  });
  return JSON.parse(child.stdout.toString());
}

const parts: Record<string, () => unknown> = {
  memorySessions: () => upTo("max-memory").map(memorySessions),
  redisSessions: () => redisSessions(upTo("max-redis")),
  sessionsOfUser: () => sessionsOfUser([1, 10, 100, 1000, 10_000]),
  cookieHeaders: () => cookieHeaders([200, 1000, 4000, 8000]),
  sessionData: () => sessionData([100, 1000, 16_000, 64_000]),
  redisCluster,
  bundleSizes,
  importTimes,
};

const wanted = option("parts", Object.keys(parts).join(",")).split(",");
const results: Record<string, unknown> = {};
for (const [name, measure] of Object.entries(parts)) {
  if (!wanted.includes(name)) continue;
  results[name] = await measure();
  console.log(`${name}: ${JSON.stringify(results[name], null, 1)}`);
}
if (OUT !== "")
  await Bun.write(OUT, `${JSON.stringify({ machine: describeMachine(), ...results }, null, 2)}\n`);
