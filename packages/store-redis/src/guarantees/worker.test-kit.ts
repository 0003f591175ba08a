// A process of its own with a client of its own, as an application has. It does what it is told over IPC.
import { createSessionManager, type SessionManager } from "@ventostack/auth-core";
import { createRedisClient, createRedisSessionStore } from "../index.ts";
import type { Answer, Order, WorkerOptions } from "./workers.test-kit.ts";

const client = createRedisClient({ url: process.env.WORKER_REDIS_URL ?? "", commandTimeout: 20_000 });
const managers = new Map<string, SessionManager>();

function managerFor(options: WorkerOptions): SessionManager {
  const name = JSON.stringify(options);
  const known = managers.get(name);
  if (known !== undefined) return known;
  const { keyPrefix = "app:session:", randomByte, ...sessionOptions } = options;
  const manager = createSessionManager(createRedisSessionStore({ client, keyPrefix }), {
    storeTimeout: 20_000,
    ...(randomByte !== undefined && { random: (bytes: Uint8Array) => bytes.fill(randomByte) }),
    ...sessionOptions,
  });
  managers.set(name, manager);
  return manager;
}

async function obey({ number, method, args, options }: Order): Promise<Answer> {
  try {
    if (method === "ping") return { number, value: await client.send("PING", []) };
    const call: (...args: unknown[]) => Promise<unknown> = Reflect.get(managerFor(options), method);
    return { number, value: await call(...args) };
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string };
    return { number, error: { name, code, message } };
  }
}

process.on("message", (order: Order) => {
  void obey(order).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));
