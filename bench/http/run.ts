// Servers that do the same work, loaded by turns. Prints the server's CPU time per request as the median of the ratios
// of each round, and writes it all to a result file. Needs wrk and redis-server.
// Usage: bun http/run.ts [--starts=4] [--rounds=4] [--groups=memory,redis] [--out=results/http.json]
import { join } from "node:path";
import { startRedis } from "../../testing/redis/index.ts";
import { option } from "../lib/arguments.ts";
import { describeMachine } from "../lib/machine.ts";
import { type Spread, spreadOf } from "../lib/statistics.ts";
import manifest from "../package.json";
import { type Group, groups, type Scenario } from "./groups.ts";
import { checkServer } from "./lib/check.ts";
import { type ServerProcess, startServer } from "./lib/server-process.ts";
import { load } from "./lib/wrk.ts";

/** How often each server is started anew: two processes of one program differ by up to a tenth. */
const STARTS = Number(option("starts", "4"));
/** In each of those. */
const ROUNDS = Number(option("rounds", "4"));
const WANTED = option("groups", groups.map(({ name }) => name).join(","));
const OUT = option("out", "");
const CONNECTIONS = 64;
/** So many requests that the compiler has done its work. */
const WARM_UP_SECONDS = 3;

interface Sample {
  /** Microseconds of CPU time per request: all of it, and the program's own. */
  readonly cpu: number;
  readonly user: number;
  readonly perSecond: number;
  readonly p99: number;
}

interface Row {
  readonly server: string;
  readonly title: string;
  readonly kind: string;
  readonly cpuMicroseconds: Spread;
  readonly userMicroseconds: Spread;
  readonly requestsPerSecond: Spread;
  readonly p99Milliseconds: Spread;
  /** CPU time per request over that of another server, round by round. */
  readonly over: Readonly<Record<string, Spread>>;
}

const paths: Record<Scenario, string> = { read: "/me", anonymous: "/hello", login: "/login" };

async function measure(
  server: ServerProcess,
  scenario: Scenario,
  cookie: string,
  seconds: number,
): Promise<Sample> {
  server.wake();
  const before = await server.usage();
  const { requests, perSecond, p99 } = await load({
    url: server.url + paths[scenario],
    headers: scenario === "read" ? { cookie } : {},
    seconds,
    connections: CONNECTIONS,
    script: scenario === "login" ? join(import.meta.dir, "login.lua") : undefined,
  });
  const after = await server.usage();
  server.pause();
  const user = after.user - before.user;
  const system = after.system - before.system;
  return { cpu: (user + system) / requests, user: user / requests, perSecond, p99 };
}

/** Starts every contender, and adds a sample of each for every round. */
async function sampleOnce(
  { scenario, contenders }: Group,
  env: Record<string, string>,
  samples: ReadonlyMap<string, Sample[]>,
): Promise<void> {
  const servers = new Map<string, ServerProcess>();
  const cookies = new Map<string, string>();
  try {
    for (const { server } of contenders) {
      const started = await startServer(`${server}.ts`, env);
      servers.set(server, started);
      // Those without a session have nothing to check.
      cookies.set(server, /\/bare/.test(server) ? "" : await checkServer(started.url));
      started.pause();
    }
    for (let round = -1; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? contenders : contenders.toReversed();
      for (const { server } of order) {
        const running = servers.get(server);
        if (running === undefined) continue;
        // A bare server gets a cookie of the same length: more bytes arrive either way.
        const cookie = cookies.get(server) || `sid=${"A".repeat(43)}`;
        const sample = await measure(running, scenario, cookie, round < 0 ? WARM_UP_SECONDS : 1);
        if (round >= 0) samples.get(server)?.push(sample);
      }
    }
    for (const { server } of contenders) {
      const running = servers.get(server);
      running?.wake();
      if (running !== undefined && !/\/bare/.test(server)) await checkServer(running.url);
    }
  } finally {
    for (const server of servers.values()) await server.stop();
  }
}

async function run(group: Group, env: Record<string, string>): Promise<Row[]> {
  const { contenders, bases } = group;
  const samples = new Map<string, Sample[]>(contenders.map(({ server }) => [server, []]));
  for (let start = 0; start < STARTS; start++) await sampleOnce(group, env, samples);
  return contenders.map(({ server, title, kind }) => {
    const own = samples.get(server) ?? [];
    const ratios = (base: string): Spread =>
      spreadOf(own.map(({ cpu }, round) => cpu / (samples.get(base)?.[round]?.cpu ?? Number.NaN)));
    return {
      server,
      title,
      kind,
      cpuMicroseconds: spreadOf(own.map(({ cpu }) => cpu)),
      userMicroseconds: spreadOf(own.map(({ user }) => user)),
      requestsPerSecond: spreadOf(own.map(({ perSecond }) => perSecond)),
      p99Milliseconds: spreadOf(own.map(({ p99 }) => p99)),
      over: Object.fromEntries(bases.map((base) => [base, ratios(base)])),
    };
  });
}

function print(group: Group, rows: readonly Row[]): void {
  console.log(`\n${group.title} (${STARTS * ROUNDS} rounds)`);
  const heads = group.bases.map((base) => `over ${base.replace(/^\w+\//, "")}`.padStart(26));
  console.log(`${"".padEnd(40)}${"us/request".padStart(11)}${"req/s".padStart(9)}${heads.join("")}`);
  for (const { title, cpuMicroseconds, requestsPerSecond, over } of rows) {
    const ratios = group.bases.map((base) => {
      const { median, low, high } = over[base] ?? { median: 0, low: 0, high: 0 };
      return `${median.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`.padStart(26);
    });
    console.log(
      `${title.padEnd(40)}${cpuMicroseconds.median.toFixed(1).padStart(11)}${requestsPerSecond.median.toFixed(0).padStart(9)}${ratios.join("")}`,
    );
  }
}

const redis = await startRedis();
const results: (Omit<Group, "contenders"> & { rows: Row[] })[] = [];
try {
  for (const group of groups.filter(({ name }) => WANTED.split(",").includes(name))) {
    const { contenders: _, ...about } = group;
    const rows = await run(group, { REDIS_URL: redis.url });
    await redis.command("FLUSHALL");
    print(group, rows);
    results.push({ ...about, rows });
  }
} finally {
  await redis.stop();
}
if (OUT !== "") {
  const result = {
    machine: describeMachine(),
    versions: manifest.dependencies,
    rounds: STARTS * ROUNDS,
    groups: results,
  };
  await Bun.write(OUT, `${JSON.stringify(result, null, 2)}\n`);
}
