import type { RedisNode } from "./redis-nodes.ts";

/** What a server says about itself that matters to sessions. A field is absent where it does not say, or may not. */
export interface RedisServerFacts {
  /** Host and port, without user and password. */
  readonly address: string;
  readonly product: "Redis" | "Valkey";
  readonly version?: string;
  /** `"master"` or `"slave"`, in the server's words. */
  readonly role?: string;
  /** What it does when memory is full; `"noeviction"` alone keeps sessions. */
  readonly evictionPolicy?: string;
  /** Bytes that it may use; 0: no limit of its own. */
  readonly maxMemory?: number;
  /** Bytes in use. */
  readonly usedMemory?: number;
  /** Milliseconds by which its clock is ahead of this machine's, give or take half of `roundTrip`. */
  readonly clockOffset: number;
  /** Milliseconds for one command. */
  readonly roundTrip: number;
  /** Whether every write goes to a log on disk. */
  readonly appendOnly?: boolean;
  /** Whether its last attempt to write its data to disk failed: then it may refuse writes. */
  readonly isSavingBroken: boolean;
}

export async function readServerFacts(node: RedisNode): Promise<RedisServerFacts> {
  const { clockOffset, roundTrip } = await compareClocks(node);
  const info = parseInfo(await readInfo(node));
  const number = (name: string): number | undefined => {
    const text = info.get(name);
    return text === undefined ? undefined : Number(text);
  };
  const facts = {
    version: info.get("valkey_version") ?? info.get("redis_version"),
    role: info.get("role"),
    evictionPolicy: info.get("maxmemory_policy"),
    maxMemory: number("maxmemory"),
    usedMemory: number("used_memory"),
    appendOnly: info.has("aof_enabled") ? info.get("aof_enabled") === "1" : undefined,
  };
  return {
    address: node.address,
    product: info.has("valkey_version") ? "Valkey" : "Redis",
    clockOffset,
    roundTrip,
    isSavingBroken: ["rdb_last_bgsave_status", "aof_last_write_status"].some(
      (name) => (info.get(name) ?? "ok") !== "ok",
    ),
    ...withoutUndefined(facts),
  };
}

export async function compareClocks(
  node: RedisNode,
): Promise<Pick<RedisServerFacts, "clockOffset" | "roundTrip">> {
  // The first command may have to connect.
  await node.send("TIME", []);
  const before = performance.now();
  const [seconds, microseconds] = (await node.send("TIME", [])) as [string, string];
  const roundTrip = performance.now() - before;
  const serverTime = Number(seconds) * 1000 + Number(microseconds) / 1000;
  return { clockOffset: Math.round(serverTime + roundTrip / 2 - Date.now()), roundTrip };
}

/** Empty where this user may not ask. */
async function readInfo(node: RedisNode): Promise<string> {
  try {
    return String(await node.send("INFO", ["everything"]));
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("NOPERM")) return "";
    throw error;
  }
}

function parseInfo(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(":"));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
}

type Known<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function withoutUndefined<Fields extends object>(fields: Fields): Known<Fields> {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Known<Fields>;
}
