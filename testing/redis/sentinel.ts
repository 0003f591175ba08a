import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isInStep } from "./form-cluster.ts";
import { type RedisServer, startRedis, startServer } from "./server.ts";
import { until } from "./until.ts";

export interface SentinelOptions {
  /** Default: 1. */
  readonly replicas?: number;
  /** Of the master and the replicas, at the end of their command lines. */
  readonly args?: readonly string[];
  /** After how long a silent master counts as down. Default: 500. */
  readonly downAfterMilliseconds?: number;
}

/** A master, its replicas, and three real sentinels of which two have to agree. */
export interface RedisSentinel extends AsyncDisposable {
  /** The name that the sentinels know the master by. */
  readonly name: string;
  /** What clients are given. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** The sentinels as servers: to kill or freeze one. */
  readonly sentinelServers: readonly RedisServer[];
  /** The first one is the master of the start. */
  readonly servers: readonly RedisServer[];
  /** The one that the sentinels name at this moment. */
  master(): Promise<RedisServer>;
  /** SIGKILL to it; returns it. A replica takes over after about two seconds. */
  killMaster(): Promise<RedisServer>;
  /** Waits until all sentinels name another master than that one, and it is one; returns it. */
  failedOver(from: RedisServer, milliseconds?: number): Promise<RedisServer>;
  stop(): Promise<void>;
}

const NAME = "main";
const SENTINELS = 3;
const QUORUM = 2;
const MILLISECONDS = 20_000;

export async function startSentinel(options: SentinelOptions = {}): Promise<RedisSentinel> {
  const { replicas = 1, args = [], downAfterMilliseconds = 500 } = options;
  const servers: RedisServer[] = [];
  const sentinels: RedisServer[] = [];
  const stop = async (): Promise<void> =>
    void (await Promise.all([...sentinels, ...servers].map((server) => server.stop())));
  try {
    const master = await startRedis({ args });
    servers.push(master);
    const replicaOf = ["--replicaof", `${master.host} ${master.port}`];
    for (let index = 0; index < replicas; index += 1)
      servers.push(await startRedis({ args: [...replicaOf, ...args] }));
    // The sentinels ask the master for its replicas when they start, and then only every ten seconds.
    await until(() => isInStep(master, replicas), MILLISECONDS, "the replicas are in step");
    for (let index = 0; index < SENTINELS; index += 1) {
      sentinels.push(await startOneSentinel(master, downAfterMilliseconds));
    }
    await Promise.all(
      sentinels.map((sentinel) =>
        until(
          () => knowsAll(sentinel, replicas),
          MILLISECONDS,
          "the sentinels know each other and the replicas",
        ),
      ),
    );
  } catch (error) {
    await stop();
    throw error;
  }

  async function namedBy(sentinel: RedisServer): Promise<RedisServer | undefined> {
    const address = await sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
    return servers.find(({ port }) => Array.isArray(address) && Number(address[1]) === port);
  }
  const running = (): RedisServer[] => sentinels.filter((sentinel) => sentinel.isRunning);
  const findMaster = async (): Promise<RedisServer | undefined> => {
    const [first, ...others] = await Promise.all(running().map(namedBy));
    return others.every((other) => other === first) ? first : undefined;
  };
  const master = (): Promise<RedisServer> => until(findMaster, MILLISECONDS, "the sentinels name one master");

  return {
    name: NAME,
    sentinels: sentinels.map(({ host, port }) => ({ host, port })),
    sentinelServers: sentinels,
    servers,
    master,
    async killMaster() {
      const killed = await master();
      await killed.kill();
      return killed;
    },
    failedOver: (from, milliseconds = MILLISECONDS) =>
      until(
        async () => {
          const named = await findMaster();
          if (named === undefined || named === from) return undefined;
          const role = await named.command("ROLE");
          return Array.isArray(role) && role[0] === "master" && named;
        },
        milliseconds,
        "the sentinels name another master",
      ),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function startOneSentinel(master: RedisServer, downAfterMilliseconds: number): Promise<RedisServer> {
  const sentinel = await startServer({
    args(port, dir) {
      const file = join(dir, `sentinel-${port}.conf`);
      // A sentinel writes to it what it learns, and reads that when it is started again.
      if (!existsSync(file)) writeFileSync(file, configure(port, dir, master, downAfterMilliseconds));
      return [file, "--sentinel"];
    },
  });
  // What sentinels do every second, every two or every ten they do at once. Redis 6 cannot, and takes longer.
  const periods = ["INFO-PERIOD", "PUBLISH-PERIOD", "ASK-PERIOD", "PING-PERIOD"];
  for (const period of periods) await sentinel.command("SENTINEL", "DEBUG", period, 200).catch(() => {});
  return sentinel;
}

function configure(port: number, dir: string, master: RedisServer, downAfterMilliseconds: number): string {
  return [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${dir}`,
    `sentinel monitor ${NAME} ${master.host} ${master.port} ${QUORUM}`,
    `sentinel down-after-milliseconds ${NAME} ${downAfterMilliseconds}`,
    `sentinel failover-timeout ${NAME} 3000`,
    "",
  ].join("\n");
}

async function knowsAll(sentinel: RedisServer, replicas: number): Promise<boolean> {
  const known = await sentinel.command("SENTINEL", "REPLICAS", NAME);
  const others = await sentinel.command("SENTINEL", "SENTINELS", NAME);
  await sentinel.command("SENTINEL", "CKQUORUM", NAME);
  const isUp = (entry: unknown): boolean => !/disconnected|s_down|handshake/.test(String(entry));
  return (
    [known, others].every((list) => Array.isArray(list) && list.every(isUp)) &&
    Array.isArray(known) &&
    known.length === replicas &&
    Array.isArray(others) &&
    others.length === SENTINELS - 1
  );
}
