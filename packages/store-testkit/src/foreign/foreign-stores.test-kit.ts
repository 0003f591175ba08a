import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RedisServer } from "@ventostack/testing/redis";
import { createClient } from "redis";
import type { CreateStore, StoreContext, StoreSetup } from "../index.ts";
import {
  type ExpressSessionModule,
  type ExpressStore,
  fromExpressStore,
} from "./express-adapter.test-kit.ts";

/** Stores that others have written, as they are installed: most of them bring no types. */
const require = createRequire(import.meta.url);
const session = require("express-session") as ExpressSessionModule;

export interface ForeignStore {
  readonly name: string;
  readonly context: StoreContext;
  /** Whether `step` is called within the store, so that a fault there is one of its own. */
  readonly failsWithin: boolean;
  close(): Promise<void>;
}

type StoreClass<Options> = new (options?: Options) => ExpressStore;

/** `step` is called around the store: between its calls another client may act, and nothing fails. */
function adapted(create: (setup: StoreSetup) => ExpressStore): CreateStore {
  return (setup) => fromExpressStore(create(setup), session, setup.step);
}

function inMemory(name: string, Store: StoreClass<object>): ForeignStore {
  return {
    name,
    context: { createStore: adapted(() => new Store({})) },
    failsWithin: false,
    close: async () => {},
  };
}

export function expressMemoryStore(): ForeignStore {
  return inMemory("express-session's MemoryStore", session.MemoryStore);
}

export function memoryStore(): ForeignStore {
  type Factory = (from: ExpressSessionModule) => StoreClass<object>;
  return inMemory("memorystore", (require("memorystore") as Factory)(session));
}

export async function connectRedis({ url }: RedisServer): Promise<ForeignStore> {
  const { RedisStore } = require("connect-redis") as {
    RedisStore: StoreClass<{ client: unknown; prefix: string }>;
  };
  const client = await createClient({ url }).connect();
  const createStore: CreateStore = ({ space, step }) => {
    const { get, set, expire, del } = client;
    const stepped = Object.fromEntries(
      Object.entries({ get, set, expire, del }).map(([name, method]) => [
        name,
        async (...args: unknown[]) => {
          await step();
          return Reflect.apply(method, client, args);
        },
      ]),
    );
    return fromExpressStore(new RedisStore({ client: stepped, prefix: `${space}:` }), session);
  };
  return {
    name: "connect-redis",
    context: { createStore, connectAgain: createStore },
    failsWithin: true,
    close: () => client.close(),
  };
}

export function sessionFileStore(): ForeignStore {
  interface Options {
    path: string;
    retries: number;
    reapInterval: number;
    logFn(): void;
  }
  const FileStore = (require("session-file-store") as (from: ExpressSessionModule) => StoreClass<Options>)(
    session,
  );
  const folder = mkdtempSync(join(tmpdir(), "foreign-"));
  const createStore = adapted(({ space }) => {
    // Deep, because an id such as ../../x goes up from there.
    const path = join(folder, "a", "b", "c", space);
    mkdirSync(path, { recursive: true });
    return new FileStore({ path, retries: 0, reapInterval: -1, logFn() {} });
  });
  return {
    name: "session-file-store",
    context: { createStore, connectAgain: createStore },
    failsWithin: false,
    close: async () => rmSync(folder, { recursive: true }),
  };
}
