import type { RedisServer } from "./server.ts";

/** A slot that is on its way from one master to another. */
export interface SlotMove {
  readonly from: RedisServer;
  readonly to: RedisServer;
  /** Moves up to so many keys; says how many. Default: 100. */
  moveKeys(limit?: number): Promise<number>;
  /** Moves the keys that are left, and the slot. */
  finish(): Promise<void>;
}

export interface SlotMoveOptions {
  readonly slot: number;
  readonly from: RedisServer;
  readonly to: RedisServer;
  readonly nodes: readonly RedisServer[];
}

const TIMEOUT_MILLISECONDS = 5000;

export async function startSlotMove({ slot, from, to, nodes }: SlotMoveOptions): Promise<SlotMove> {
  if (from === to) throw new Error(`Slot ${slot} is at port ${to.port} already.`);
  const fromId = String(await from.command("CLUSTER", "MYID"));
  const toId = String(await to.command("CLUSTER", "MYID"));
  // In this order: the old node begins to send clients to the new one, which has to expect them.
  await to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
  await from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);

  async function moveKeys(limit = 100): Promise<number> {
    const keys = await from.command("CLUSTER", "GETKEYSINSLOT", slot, limit);
    if (!Array.isArray(keys) || keys.length === 0) return 0;
    const names = keys.map(String);
    await from.command("MIGRATE", to.host, to.port, "", 0, TIMEOUT_MILLISECONDS, "KEYS", ...names);
    return names.length;
  }

  async function finish(): Promise<void> {
    while ((await moveKeys()) > 0);
    // The new owner first: in the other order, nobody owns the slot if this ends in between.
    for (const node of [to, from]) await node.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
    const others = nodes.filter((node) => node !== to && node !== from && node.isRunning);
    await Promise.all(others.map((node) => tellMaster(node, slot, toId)));
  }

  return { from, to, moveKeys, finish };
}

/** A replica hears it from its master. */
async function tellMaster(node: RedisServer, slot: number, toId: string): Promise<void> {
  const role = await node.command("ROLE");
  if (!Array.isArray(role) || role[0] !== "master") return;
  await node.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
}
