import { parseClusterNodes } from "./cluster-nodes.ts";
import type { RedisServer } from "./server.ts";
import { until } from "./until.ts";

const SLOTS = 16_384;
const MILLISECONDS = 20_000;

/** Makes a cluster of empty nodes, the first ones masters, and waits until all of them serve and are in step. */
export async function formCluster(nodes: readonly RedisServer[], masters: number): Promise<void> {
  const ids = await Promise.all(nodes.map(async (node) => String(await node.command("CLUSTER", "MYID"))));
  await Promise.all(
    nodes.map(async (node, index) => {
      // Different from the start: nodes that have the same one sort it out slowly.
      await node.command("CLUSTER", "SET-CONFIG-EPOCH", index + 1);
      // Redis 6 has no command for ranges.
      if (index < masters) await node.command("CLUSTER", "ADDSLOTS", ...slotsOf(index, masters));
    }),
  );
  // Each to each, which is quicker than to let it get about.
  await Promise.all(
    nodes.flatMap((node, index) =>
      nodes.slice(index + 1).map((other) => node.command("CLUSTER", "MEET", other.host, other.port)),
    ),
  );
  await everyNode(nodes, "knows all others", async (node) => {
    const views = parseClusterNodes(String(await node.command("CLUSTER", "NODES")));
    return views.length === nodes.length && !views.some(({ flags }) => flags.includes("handshake"));
  });
  await Promise.all(
    nodes
      .slice(masters)
      .map((node, index) => node.command("CLUSTER", "REPLICATE", ids[index % masters] ?? "")),
  );
  await everyNode(nodes, "serves, and knows the replicas", async (node) => {
    const info = String(await node.command("CLUSTER", "INFO"));
    if (!info.includes("cluster_state:ok") || !info.includes(`cluster_slots_ok:${SLOTS}`)) return false;
    const views = parseClusterNodes(String(await node.command("CLUSTER", "NODES")));
    return views.filter(({ masterId }) => masterId !== undefined).length === nodes.length - masters;
  });
  await everyNode(nodes, "is in step with its replicas or master", (node, index) =>
    isInStep(
      node,
      index < masters ? nodes.slice(masters).filter((_, at) => at % masters === index).length : undefined,
    ),
  );
}

/** `replicas`: how many it should have; none for a replica. */
export async function isInStep(node: RedisServer, replicas: number | undefined): Promise<boolean> {
  const info = String(await node.command("INFO", "replication"));
  if (replicas === undefined) return info.includes("master_link_status:up");
  return Array.from(info.matchAll(/^slave\d+:.*state=online/gm)).length === replicas;
}

async function everyNode(
  nodes: readonly RedisServer[],
  what: string,
  condition: (node: RedisServer, index: number) => Promise<boolean>,
): Promise<void> {
  await Promise.all(
    nodes.map((node, index) =>
      until(() => condition(node, index), MILLISECONDS, `node ${index} of the cluster ${what}`),
    ),
  );
}

function slotsOf(index: number, masters: number): number[] {
  const first = Math.floor((SLOTS * index) / masters);
  const end = Math.floor((SLOTS * (index + 1)) / masters);
  return Array.from({ length: end - first }, (_, offset) => first + offset);
}
