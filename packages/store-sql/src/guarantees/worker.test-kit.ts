// A process of its own with connections of its own, as an application has. It does what it is told over IPC.
import { createSessionManager, type SessionManager } from "@ventostack/auth-core";
import { SQL } from "bun";
import { createSqlSessionStore } from "../index.ts";
import type { Answer, Order } from "./workers.test-kit.ts";

const url = process.env.WORKER_URL ?? "";
const place = url.startsWith("sqlite:") ? { url } : { sql: new SQL(url, { max: 5 }) };
const managers = new Map<string, SessionManager>();

function managerFor(table: string): SessionManager {
  const known = managers.get(table);
  if (known !== undefined) return known;
  const store = createSqlSessionStore({ ...place, table, sweepInterval: 0, timeout: 20_000 });
  const manager = createSessionManager(store, { storeTimeout: 20_000 });
  managers.set(table, manager);
  return manager;
}

async function obey({ number, method, args, table }: Order): Promise<Answer> {
  try {
    if (method === "ping") return { number };
    const call: (...args: unknown[]) => Promise<unknown> = Reflect.get(managerFor(table), method);
    return { number, value: await call(...args) };
  } catch (error) {
    const { name, code, message, cause } = error as Error & { code?: string };
    return { number, error: { name, code, message: `${message} ${String(cause)}` } };
  }
}

process.on("message", (order: Order) => {
  void obey(order).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));
