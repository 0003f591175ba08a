import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createSessionManager, type SessionStore } from "@ventostack/auth-core";
import { describeSessionStore, type StoreContext, sessionStoreCases } from "@ventostack/store-testkit";
import type { RedisServer } from "@ventostack/testing/redis";
import { createRedisSessionStore, type RedisSessionStoreOptions } from "../index.ts";
import { managerCases } from "./manager-cases.test-kit.ts";
import { countEntries } from "./space-size.test-kit.ts";
import { stepped } from "./stepped-client.test-kit.ts";

/** A connected client. */
export interface OpenClient {
  readonly client: RedisSessionStoreOptions["client"];
  /** Once no connection is left. */
  close(): unknown;
}

export interface ClientKind {
  readonly name: string;
  /** A client that carries commands as another one does, which is tried with every case. */
  readonly isVariant?: boolean;
  open(): OpenClient | Promise<OpenClient>;
}

/** Those that show whether commands and replies are carried as they should, and not what the scripts make of races. */
const carryingCases = sessionStoreCases.filter(
  ({ needs }) => !needs.some((need) => ["atomic", "steps", "sizeOf"].includes(need)),
);

/** Runs the cases on stores of that client. `servers`: all that hold its keys. */
export function describeClient(
  { name, isVariant = false, open }: ClientKind,
  servers: readonly RedisServer[],
): void {
  describe(name, () => {
    let opened: OpenClient;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened.close();
    });

    const context: StoreContext = {
      createStore: ({ space, step }) =>
        createRedisSessionStore({ client: stepped(opened.client, step), keyPrefix: `${space}:` }),
      connectAgain: ({ space }) => createRedisSessionStore({ client: opened.client, keyPrefix: `${space}:` }),
      sizeOf: (_, { space }) => countEntries(servers, `${space}:`),
    };
    if (!isVariant) describeSessionStore(`a store on ${name}`, context.createStore, context);
    else {
      for (const { name: caseName, run } of carryingCases) {
        test.concurrent(caseName, async () => {
          expect(await run(context)).toBeUndefined();
        });
      }
    }

    let prefixes = 0;
    function createStores(): () => SessionStore {
      prefixes += 1;
      const keyPrefix = `${name.replace(/[{}]/g, "")} ${prefixes}:`;
      return () => createRedisSessionStore({ client: opened.client, keyPrefix });
    }

    for (const { name: caseName, run } of managerCases) {
      test(caseName, () => {
        const another = createStores();
        return run(another(), another);
      });
    }

    test("every capability is declared and every method is there", () => {
      const store = createStores()();
      expect(store.capabilities).toEqual({ atomic: true, byUser: true });
      const methods = [
        "load",
        "insert",
        "replace",
        "refresh",
        "remove",
        "listByUser",
        "deleteByUser",
        "close",
      ];
      for (const method of methods) expect(store).toHaveProperty(method, expect.any(Function));
    });

    test("close ends the store and leaves the client to its owner", async () => {
      const another = createStores();
      const store = another();
      await store.set({ id: "a", data: {}, expiresAt: Date.now() + 60_000 });
      await store.close?.();
      const message = "Error: The Redis session store has been closed";
      expect(await store.get("a").then(String, String)).toStartWith(message);
      expect(await another().get("a")).not.toBeNull();
    });

    test("servers that have forgotten the scripts learn them again", async () => {
      const sessions = createSessionManager(createStores()());
      const created = await afterFlush(() => sessions.create({ userId: "ada", n: 1 }));
      await afterFlush(() => sessions.update(created.id, { n: 2 }));
      expect((await afterFlush(() => sessions.refresh(created.id)))?.data).toEqual({ userId: "ada", n: 2 });
      const moved = await afterFlush(() => sessions.regenerate(created.id));
      expect(await afterFlush(() => sessions.listByUser("ada"))).toHaveLength(1);
      expect(await afterFlush(() => sessions.destroyByUser("ada"))).toBe(1);
      expect(await sessions.get(moved?.id ?? "")).toBeNull();
    });

    async function afterFlush<Answer>(call: () => Promise<Answer>): Promise<Answer> {
      await Promise.all(servers.map((server) => server.command("SCRIPT", "FLUSH")));
      return call();
    }
  });
}
