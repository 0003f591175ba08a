import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createSessionManager, type SessionStore } from "@ventostack/auth-core";
import { managerCases } from "./manager-cases.test-kit.ts";
import { type FullStore, storeCases } from "./store-cases.test-kit.ts";

/** A connected client, and the stores on it. */
export interface OpenClient {
  createStore(keyPrefix: string): SessionStore;
  /** Once no connection is left. */
  close(): unknown;
}

export interface ClientKind {
  readonly name: string;
  open(): OpenClient | Promise<OpenClient>;
}

/** Runs every case on stores of that client. `flushScripts` lets every server forget its scripts. */
export function describeClient({ name, open }: ClientKind, flushScripts: () => Promise<unknown>): void {
  describe(name, () => {
    let client: OpenClient;
    let prefixes = 0;
    beforeAll(async () => {
      client = await open();
    });
    afterAll(async () => {
      await client.close();
    });

    function another(keyPrefix?: string): FullStore {
      prefixes += 1;
      return client.createStore(keyPrefix ?? `${name.replace(/[{}]/g, "")} ${prefixes}:`) as FullStore;
    }

    for (const { name: caseName, run } of [...storeCases, ...managerCases]) {
      test(caseName, () => run(another(), another));
    }

    test("servers that have forgotten the scripts learn them again", async () => {
      const store = another();
      const sessions = createSessionManager(store);
      const created = await afterFlush(() => sessions.create({ userId: "ada", n: 1 }));
      await afterFlush(() => sessions.update(created.id, { n: 2 }));
      expect((await afterFlush(() => sessions.refresh(created.id)))?.data).toEqual({ userId: "ada", n: 2 });
      const moved = await afterFlush(() => sessions.regenerate(created.id));
      expect(await afterFlush(() => sessions.listByUser("ada"))).toHaveLength(1);
      expect(await afterFlush(() => sessions.destroyByUser("ada"))).toBe(1);
      expect(await sessions.get(moved?.id ?? "")).toBeNull();
    });

    async function afterFlush<Answer>(call: () => Promise<Answer>): Promise<Answer> {
      await flushScripts();
      return call();
    }
  });
}
