// A process of its own with connections of its own, as an application has. It does what it is told over IPC.
import { createSessionManager, type SessionManager } from "@ventostack/auth-core";
import { SQL } from "bun";
import { createSqlSessionStore } from "../index.ts";
import type { Answer, Order } from "./workers.test-kit.ts";

const managers = new Map<string, SessionManager>();
const clients = new Map<string, SQL>();

function clientOf(url: string): SQL {
  const client = clients.get(url) ?? new SQL(url, { max: 5 });
  clients.set(url, client);
  return client;
}

function managerFor(url: string, table: string): SessionManager {
  const known = managers.get(`${url} ${table}`);
  if (known !== undefined) return known;
  const place = url.startsWith("sqlite:") ? { url } : { sql: clientOf(url) };
  const store = createSqlSessionStore({ ...place, table, sweepInterval: 0, timeout: 20_000 });
  const manager = createSessionManager(store, { storeTimeout: 20_000 });
  managers.set(`${url} ${table}`, manager);
  return manager;
}

async function obey({ number, method, args, url, table }: Order): Promise<Answer> {
  try {
    if (method === "ping") return { number };
    const call: (...args: unknown[]) => Promise<unknown> = Reflect.get(managerFor(url, table), method);
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
