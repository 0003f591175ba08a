import { type ClusterNodeView, owns, parseClusterNodes } from "./cluster-nodes.ts";
import { formCluster } from "./form-cluster.ts";
import { type RedisServer, startRedis } from "./server.ts";
import { type SlotMove, startSlotMove } from "./slot-move.ts";
import { until } from "./until.ts";

export interface ClusterOptions {
  /** At least 3: fewer cannot agree on a failover. Default: 3. */
  readonly masters?: number;
  /** All together; they are shared out among the masters. Default: 3. */
  readonly replicas?: number;
  /** Of every node, at the end of its command line. */
  readonly args?: readonly string[];
  /** After how long a node counts as dead. Default: 1000. */
  readonly nodeTimeoutMilliseconds?: number;
}

/** A real cluster on the loopback interface. */
export interface RedisCluster extends AsyncDisposable {
  /** The masters first, as they were at the start. */
  readonly nodes: readonly RedisServer[];
  readonly urls: readonly string[];
  slotOf(key: string): Promise<number>;
  /** The master that serves the key. */
  nodeOf(key: string): Promise<RedisServer>;
  /** The one that serves the slot. */
  masterOf(slot: number): Promise<RedisServer>;
  /** At the node that serves the key, which is the first argument after the name. */
  command(name: string, key: string, ...args: readonly (string | number)[]): Promise<unknown>;
  /** The master at this moment of the i-th shard: of the i-th node and its replicas. */
  shardMaster(shard: number): Promise<RedisServer>;
  /** SIGKILL to that master, which is returned. Its replica takes over after about two seconds. */
  killMaster(shard: number): Promise<RedisServer>;
  /** Waits until another node than that one serves the shard and the whole cluster knows; returns it. */
  failedOver(shard: number, from: RedisServer, milliseconds?: number): Promise<RedisServer>;
  /** Waits until all nodes that run agree and serve. */
  healthy(milliseconds?: number): Promise<void>;
  /** Moves a slot with its keys while the cluster serves them. */
  moveSlot(slot: number, to: RedisServer): Promise<void>;
  /** The same in steps, to stop half way: from here on, the nodes answer ASK for keys that have moved. */
  startSlotMove(slot: number, to: RedisServer): Promise<SlotMove>;
  stop(): Promise<void>;
}

export async function startCluster(options: ClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, replicas = 3, args = [], nodeTimeoutMilliseconds = 1000 } = options;
  const nodes = await startNodes(masters + replicas, [
    ...["--cluster-enabled", "yes", "--cluster-node-timeout", String(nodeTimeoutMilliseconds)],
    // Also a replica that has been cut off for long may take over.
    ...["--cluster-replica-validity-factor", "0"],
    ...args,
  ]);
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())));
  try {
    await formCluster(nodes, masters);
  } catch (error) {
    await stop();
    throw error;
  }

  /** What each node that runs says about itself. */
  async function selfViews(): Promise<(ClusterNodeView & { readonly node: RedisServer })[]> {
    const running = nodes.filter((node) => node.isRunning);
    const answers = await Promise.all(running.map((node) => node.command("CLUSTER", "NODES")));
    return answers.flatMap((answer, index) => {
      const view = parseClusterNodes(String(answer)).find(({ flags }) => flags.includes("myself"));
      const node = running[index];
      return view && node ? [{ ...view, node }] : [];
    });
  }

  /** After a failover two may claim to be it: the later claim counts. */
  async function findMaster(matches: (view: ClusterNodeView & { node: RedisServer }) => boolean) {
    const views = await selfViews();
    const claims = views.filter((view) => view.flags.includes("master") && matches(view));
    return claims.toSorted((a, b) => b.epoch - a.epoch)[0]?.node;
  }

  async function slotOf(key: string): Promise<number> {
    const running = nodes.find((node) => node.isRunning);
    if (running === undefined) throw new Error("No node of the cluster runs.");
    return Number(await running.command("CLUSTER", "KEYSLOT", key));
  }
  const masterOf = (slot: number): Promise<RedisServer> =>
    until(() => findMaster((view) => owns(view, slot)), 10_000, `a master serves slot ${slot}`);
  const nodeOf = async (key: string): Promise<RedisServer> => masterOf(await slotOf(key));
  const isOfShard = (node: RedisServer, shard: number): boolean => nodes.indexOf(node) % masters === shard;
  const shardMaster = (shard: number): Promise<RedisServer> =>
    until(() => findMaster(({ node }) => isOfShard(node, shard)), 10_000, `shard ${shard} has a master`);

  async function isHealthy(): Promise<boolean> {
    const running = nodes.filter((node) => node.isRunning);
    const answers = await Promise.all(
      running.map(async (node) => ({
        info: String(await node.command("CLUSTER", "INFO")),
        views: parseClusterNodes(String(await node.command("CLUSTER", "NODES"))),
      })),
    );
    const layouts = answers.map(({ views }) => layoutOf(views));
    return (
      answers.every(({ info }) => info.includes("cluster_state:ok")) &&
      layouts.every((it) => it === layouts[0])
    );
  }
  const healthy = async (milliseconds = 15_000): Promise<void> =>
    void (await until(isHealthy, milliseconds, "the nodes of the cluster agree and serve"));

  const beginMove = async (slot: number, to: RedisServer): Promise<SlotMove> =>
    startSlotMove({ slot, from: await masterOf(slot), to, nodes });

  return {
    nodes,
    urls: nodes.map(({ url }) => url),
    slotOf,
    nodeOf,
    masterOf,
    command: async (name, key, ...rest) => (await nodeOf(key)).command(name, key, ...rest),
    shardMaster,
    async killMaster(shard) {
      const master = await shardMaster(shard);
      await master.kill();
      return master;
    },
    async failedOver(shard, from, milliseconds = 15_000) {
      const successor = await until(
        () => findMaster(({ node, slots }) => node !== from && isOfShard(node, shard) && slots.length > 0),
        milliseconds,
        `another node serves shard ${shard}`,
      );
      await healthy(milliseconds);
      return successor;
    },
    healthy,
    async moveSlot(slot, to) {
      const move = await beginMove(slot, to);
      await move.finish();
      await healthy();
    },
    startSlotMove: beginMove,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** All, or none of them. */
async function startNodes(count: number, args: readonly string[]): Promise<RedisServer[]> {
  const started = await Promise.allSettled(Array.from({ length: count }, () => startRedis({ args })));
  const nodes = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = started.find((result) => result.status === "rejected");
  if (failed === undefined) return nodes;
  await Promise.all(nodes.map((node) => node.stop()));
  throw failed.reason;
}

/** Who serves what, to compare. */
function layoutOf(views: readonly ClusterNodeView[]): string {
  const serving = views
    .filter(({ slots }) => slots.length > 0)
    .map(({ id, slots }) => `${id} ${slots.join(" ")}`);
  return serving.toSorted().join("\n");
}
