import { expect } from "bun:test";
import { createSessionManager, type SessionManager } from "@ventostack/auth-core";
import type { RedisCluster, RedisServer } from "@ventostack/testing/redis";
import { createRedisSessionStore, type RedisClient } from "../index.ts";
import type { Failure } from "./load.test-kit.ts";

/** Milliseconds: less than the defaults, so that an outage is a short test. */
export const COMMAND_TIMEOUT = 600;
export const STORE_TIMEOUT = 1000;
/** What a machine with other work may add to a deadline. */
export const SLACK = 1000;

/** For tests in which calls to nodes that are up must not fail, however busy the machine. */
export const PATIENT_COMMAND_TIMEOUT = 1500;
const PATIENT_STORE_TIMEOUT = 2500;

export function createSessions(client: RedisClient, storeTimeout: number = STORE_TIMEOUT): SessionManager {
  return createSessionManager(createRedisSessionStore({ client }), { storeTimeout });
}

export function createPatientSessions(client: RedisClient): SessionManager {
  return createSessions(client, PATIENT_STORE_TIMEOUT);
}

/** The key of that session in a store of default options. */
export function keyOf(sessions: SessionManager, id: string): string {
  return `session:id:${sessions.handleOf(id)}`;
}

/** The store was down or slow, which each call said in time; and nothing else went wrong. */
export function expectOutage(failures: readonly Failure[], storeTimeout = PATIENT_STORE_TIMEOUT): void {
  for (const { call, code, milliseconds } of failures) {
    expect(["STORE_UNAVAILABLE", "STORE_TIMEOUT"]).toContain(code);
    // A merge is two trips to the store at least, of which the first may have been slow as well.
    expect(milliseconds).toBeLessThan((call === "get" ? 1 : 2) * storeTimeout + SLACK);
  }
}

/** Resolves when what has been written so far is on a replica of that master too. `key`: one that it serves. */
export async function replicated(master: RedisServer, key: string): Promise<void> {
  // WAIT is for the writes of its own connection: one that comes after all others stands for them.
  await master.command("SET", key, 1);
  expect(await master.command("WAIT", 1, 10_000)).toBe(1);
}

/** The same for all masters. */
export async function allReplicated(cluster: RedisCluster, masters = 3): Promise<void> {
  const done = new Set<RedisServer>();
  for (let n = 0; done.size < masters; n += 1) {
    const node = await cluster.nodeOf(`marker:${n}`);
    if (done.has(node)) continue;
    done.add(node);
    await replicated(node, `marker:${n}`);
  }
}
