import { expect } from "bun:test";
import {
  createSessionManager,
  SessionError,
  type SessionErrorCode,
  type SessionManager,
} from "@ventostack/auth-core";
import { type RedisServer, until } from "@ventostack/testing/redis";
import { createRedisClient, createRedisSessionStore, type RedisClient } from "../index.ts";

/** Milliseconds. */
export interface Limits {
  readonly commandTimeout: number;
  readonly storeTimeout: number;
}

/** For faults during which calls wait. */
export const SHORT: Limits = { commandTimeout: 150, storeTimeout: 200 };
/** For faults that show at once: a call that ran into these limits would have the code STORE_TIMEOUT. */
export const LONG: Limits = { commandTimeout: 4000, storeTimeout: 5000 };

export interface Service extends AsyncDisposable {
  readonly client: RedisClient;
  readonly sessions: SessionManager;
}

/** What an application has, on a server that things will happen to. */
export function createService(url: string, { commandTimeout, storeTimeout }: Limits): Service {
  const client = createRedisClient({ url, commandTimeout });
  const sessions = createSessionManager(createRedisSessionStore({ client }), { storeTimeout });
  return { client, sessions, [Symbol.asyncDispose]: client.close };
}

/** Two sessions of the user u, one of nobody. */
export interface Ids {
  readonly first: string;
  readonly second: string;
  readonly anonymous: string;
}

/** Made by a service that nothing happens to. */
export async function createSessions(redis: RedisServer): Promise<Ids> {
  await using service = createService(redis.url, LONG);
  const [first, second, anonymous] = await Promise.all([
    service.sessions.create({ userId: "u", n: 1 }),
    service.sessions.create({ userId: "u", n: 2 }),
    service.sessions.create({ n: 3 }),
  ]);
  return { first: first.id, second: second.id, anonymous: anonymous.id };
}

type Operation = (sessions: SessionManager, ids: Ids) => Promise<unknown>;

export const reads: Readonly<Record<string, Operation>> = {
  get: (sessions, { first }) => sessions.get(first),
  listByUser: (sessions) => sessions.listByUser("u"),
};

export const writes: Readonly<Record<string, Operation>> = {
  create: (sessions) => sessions.create({ userId: "u" }),
  "create without a user": (sessions) => sessions.create({}),
  update: (sessions, { first }) => sessions.update(first, { seen: true }),
  touch: (sessions, { anonymous }) => sessions.touch(anonymous),
  regenerate: (sessions, { second }) => sessions.regenerate(second),
};

export const removals: Readonly<Record<string, Operation>> = {
  destroy: (sessions, { anonymous }) => sessions.destroy(anonymous),
  destroyByUser: (sessions) => sessions.destroyByUser("u"),
};

export const everything = { ...reads, ...writes, ...removals };

/** Starts all of them at once, and says what became of each. */
export function outcomes(
  operations: Readonly<Record<string, Operation>>,
  { sessions }: Service,
  ids: Ids,
  limits: Limits,
): Promise<Record<string, Outcome>> {
  const entries = Object.entries(operations).map(async ([name, operation]) => {
    return [name, await outcomeOf(operation(sessions, ids), limits)] as const;
  });
  return Promise.all(entries).then(Object.fromEntries);
}

export type Outcome = SessionErrorCode | "resolved";

/**
 * The code of the error that the call rejects with. One that takes five times as long as a trip to the store may is
 * said to hang, and no other error than ours may come out.
 */
export async function outcomeOf(call: Promise<unknown>, { storeTimeout }: Limits): Promise<Outcome> {
  const error = await errorOf(call, storeTimeout * 5);
  return error === undefined ? "resolved" : error.code;
}

export async function errorOf(call: Promise<unknown>, limit = 25_000): Promise<SessionError | undefined> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`The call hangs: ${limit} ms.`)), limit);
  try {
    await Promise.race([call, late.promise]);
    return undefined;
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The texts of the error and of what caused it, as a log would have them. */
export function textOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${textOf(error.cause)}` : "";
}

export function expectAll(found: Record<string, Outcome>, ...codes: readonly Outcome[]): void {
  const wrong = Object.entries(found).filter(([, outcome]) => !codes.includes(outcome));
  expect(wrong).toEqual([]);
}

/** Service is back when nobody has done anything but call. */
export async function expectServiceResumes({ sessions }: Service): Promise<void> {
  const created = await until(() => sessions.create({ userId: "back" }), 10_000, "a session can be created");
  await until(() => sessions.update(created.id, { seen: true }).then(() => true), 10_000, "and updated");
  const found = await until(() => sessions.get(created.id), 10_000, "and read");
  expect(found.data).toEqual({ userId: "back", seen: true });
}

/** No key that Redis would keep for ever. */
export async function expectNoImmortalKey(redis: RedisServer): Promise<void> {
  expect(await keysWithoutEnd(redis)).toEqual([]);
}

export async function keysWithoutEnd(redis: RedisServer, pattern = "*"): Promise<string[]> {
  const keys = (await redis.command("KEYS", pattern)) as string[];
  const ends = await Promise.all(keys.map((key) => redis.command("PTTL", key)));
  return keys.filter((_, at) => ends[at] === -1);
}
