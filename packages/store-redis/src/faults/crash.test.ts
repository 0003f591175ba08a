import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { type RedisServer, startProxy, startRedis, until } from "@ventostack/testing/redis";
import {
  crashOperations,
  createCrashService,
  LONG_TTL,
  SHORT_TTL,
  type Task,
} from "./crash-operations.test-kit.ts";
import { keysWithoutEnd } from "./fault.test-kit.ts";

const CHILD = join(import.meta.dir, "crash-child.test-kit.ts");

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
  // The server has to know the scripts: sending them takes commands of its own.
  for (const operation of Object.keys(crashOperations)) await countCommands(operation);
  await redis.command("FLUSHALL");
});
afterAll(() => redis.stop());

interface Crash {
  /** The operation had resolved in the process that was ended. */
  readonly isAcknowledged: boolean;
  /** The one that it gave then. */
  readonly newId: string | undefined;
}

/** How many commands the operation takes, what it leaves to the background included. */
async function countCommands(operation: string): Promise<number> {
  await using proxy = await startProxy(redis.port);
  const keyPrefix = `count:${operation}:`;
  const { target } = await createVictims(keyPrefix);
  const service = createCrashService({ url: proxy.url, keyPrefix }, LONG_TTL);
  await service.client.get("connected");
  const { commands } = await proxy.measure(async () => {
    await crashOperations[operation]?.(service.sessions, target);
    await service.settled();
  });
  return commands.length;
}

/** Two sessions of the user `from`. */
async function createVictims(keyPrefix: string): Promise<{ target: string; other: string }> {
  const service = createCrashService({ url: redis.url, keyPrefix }, SHORT_TTL);
  const target = await service.sessions.create({ userId: "from" });
  const other = await service.sessions.create({ userId: "from" });
  await service.settled();
  return { target: target.id, other: other.id };
}

/** Runs the operation in a process that loses its connection at the n-th command, and is ended then. */
async function crashAt(task: Task, n: number, answered: boolean): Promise<Crash> {
  await using proxy = await startProxy(redis.port);
  const ready = Promise.withResolvers<void>();
  const crash = Promise.withResolvers<Crash>();
  const child = Bun.spawn([process.execPath, CHILD, JSON.stringify({ ...task, url: proxy.url })], {
    ipc(message: { ready?: boolean; isAcknowledged: boolean; newId?: string }) {
      if (message.ready) ready.resolve();
      else crash.resolve({ newId: undefined, ...message });
    },
    stdout: "ignore",
    stderr: "inherit",
  });
  try {
    await ready.promise;
    // It could go on through another connection otherwise.
    await proxy.refuse();
    const cut = proxy.cutAfter(n, { answered });
    child.send("begin");
    await until(() => Bun.peek.status(cut) === "fulfilled", 20_000, `the operation sends ${n} commands`);
    // It can do no more. What it knows by now shows at once when it stops waiting for a connection.
    child.send("stop");
    return await crash.promise;
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

/** Each live session with its user and when it ends, and each user's set likewise. */
async function expectEverySessionFindable(keyPrefix: string): Promise<void> {
  expect(await keysWithoutEnd(redis, `${keyPrefix}*`)).toEqual([]);
  for (const key of (await redis.command("KEYS", `${keyPrefix}id:*`)) as string[]) {
    const { user } = JSON.parse(String(await redis.command("GET", key)));
    const set = `${keyPrefix}user:${Bun.SHA256.hash(user, "base64url")}`;
    const members = await redis.command("ZRANGE", set, 0, -1);
    expect(members).toContain(key.slice(`${keyPrefix}id:`.length));
    const [ofSet, ofSession] = await Promise.all([redis.command("PTTL", set), redis.command("PTTL", key)]);
    expect(Number(ofSet)).toBeGreaterThanOrEqual(Number(ofSession));
  }
}

/** What has to hold wherever the process ended. */
async function expectSound(task: Task, other: string, { isAcknowledged, newId }: Crash): Promise<void> {
  const { keyPrefix, operation, target } = task;
  await expectEverySessionFindable(keyPrefix);
  const service = createCrashService({ url: redis.url, keyPrefix }, SHORT_TTL);
  const { sessions } = service;
  const targetLives = (await sessions.get(target)) !== null;
  const newLives = newId !== undefined && (await sessions.get(newId)) !== null;
  const otherLives = (await sessions.get(other)) !== null;

  if (operation === "create") expect([targetLives, newLives]).toEqual([true, isAcknowledged]);
  if (operation.startsWith("regenerate")) {
    expect(targetLives && newLives).toBe(false);
    if (isAcknowledged) expect([targetLives, newLives]).toEqual([false, true]);
  }
  if (operation === "destroy" && isAcknowledged) expect(targetLives).toBe(false);
  if (operation === "destroyByUser" && isAcknowledged)
    expect([targetLives, otherLives]).toEqual([false, false]);
  if (operation !== "destroyByUser") expect(otherLives).toBe(true);
  if (/^(update|touch)/.test(operation)) expect(targetLives).toBe(true);

  // A process in good health ends them all, what is half-done included.
  const listed = [await sessions.listByUser("from"), await sessions.listByUser("to")].flat().length;
  // However far a move came, the session has not been lost.
  if (operation.startsWith("regenerate")) expect(listed).toBeGreaterThanOrEqual(2);
  const ended = (await sessions.destroyByUser("from")) + (await sessions.destroyByUser("to"));
  expect(ended).toBe(listed);
  expect(await redis.command("KEYS", `${keyPrefix}id:*`)).toEqual([]);
  await service.settled();
}

test.concurrent.each(Object.keys(crashOperations))(
  "%s: a process that ends between any two of its commands leaves every session sound and findable",
  async (operation) => {
    const count = await countCommands(operation);
    expect(count).toBeGreaterThan(1);
    const acknowledged: boolean[] = [];
    for (let n = 1; n <= count; n++) {
      for (const answered of [false, true]) {
        const keyPrefix = `${operation}:${n}:${answered}:`;
        const { target, other } = await createVictims(keyPrefix);
        const task: Task = { url: "", keyPrefix, operation, target };
        const crash = await crashAt(task, n, answered);
        acknowledged.push(crash.isAcknowledged);
        await expectSound(task, other, crash);
      }
    }
    // The cuts went through the whole of it.
    expect([acknowledged.at(0), acknowledged.at(-1)]).toEqual([false, true]);
    expect(acknowledged).toEqual(acknowledged.toSorted());
  },
  60_000,
);
