import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  type RedisCluster,
  type RedisSentinel,
  type RedisServer,
  startCluster,
  startRedis,
  startSentinel,
  until,
} from "@ventostack/testing/redis";
import { createSessionManager, createSessionStore, SessionError } from "../index.ts";

setDefaultTimeout(60_000);

let single: RedisServer;
let cluster: RedisCluster;
let group: RedisSentinel;

/** What a password may hold that means something else in a URL. */
const PASSWORD = "p@ss/w:rd,%?#";
const CREDENTIALS = `ada:${encodeURIComponent(PASSWORD)}@`;

beforeAll(async () => {
  [single, cluster, group] = await Promise.all([
    startRedis(),
    startCluster({ replicas: 0 }),
    startSentinel({ replicas: 0 }),
  ]);
  for (const server of [single, ...cluster.nodes, ...group.servers]) {
    await server.command("ACL", "SETUSER", "ada", "on", `>${PASSWORD}`, "~*", "&*", "+@all");
  }
});
afterAll(() => Promise.all([single, cluster, group].map((each) => each.stop())));

const hostsOf = (servers: readonly { readonly host: string; readonly port: number }[]): string =>
  servers.map(({ host, port }) => `${host}:${port}`).join(",");

async function connectionsOf(servers: readonly RedisServer[], user: string): Promise<number[]> {
  const lists = await Promise.all(
    servers.map((server) => server.command("CLIENT", "LIST", "TYPE", "normal")),
  );
  return lists.map((list) => String(list).split(` user=${user} `).length - 1);
}

/** A session is written and read, and after `close` nothing is. */
async function expectSessions(url: string): Promise<void> {
  const store = await createSessionStore(url);
  try {
    const sessions = createSessionManager(store);
    // A busy machine may take longer to connect than a command may take.
    await until(() => sessions.create().then(Boolean, () => false));
    const { id } = await sessions.create({ userId: "ada", n: 1 });
    await sessions.update(id, { n: 2 });
    expect((await sessions.get(id))?.data).toEqual({ userId: "ada", n: 2 });
    expect(await sessions.destroyByUser("ada")).toBe(1);
    await store.close?.();
    expect(await sessions.get(id).catch((error: unknown) => error)).toBeInstanceOf(SessionError);
  } finally {
    await store.close?.();
  }
}

test("memory: keeps sessions in this process", () => expectSessions("memory:"));

describe.each(["", CREDENTIALS])("with the credentials %p", (credentials) => {
  test("redis:// is one server", () => expectSessions(`redis://${credentials}${hostsOf([single])}`));

  test("redis:// may name a database", async () => {
    await single.command("FLUSHALL");
    const store = await createSessionStore(`redis://${credentials}${hostsOf([single])}/3`);
    await createSessionManager(store).create();
    await store.close?.();
    expect(String(await single.command("INFO", "keyspace"))).toContain("db3:keys=1");
  });

  test("redis+cluster:// is a Cluster, by some of its nodes", () =>
    expectSessions(`redis+cluster://${credentials}${hostsOf(cluster.nodes.slice(0, 2))}`));

  test("redis+sentinel:// is the primary that Sentinels watch", () =>
    expectSessions(`redis+sentinel://${credentials}${hostsOf(group.sentinels)}/${group.name}`));
});

test("the credentials are used at every node, and their connections end with the store", async () => {
  const servers = [single, ...cluster.nodes, ...group.servers];
  const stores = await Promise.all([
    createSessionStore(`redis://${CREDENTIALS}${hostsOf([single])}`),
    createSessionStore(`redis+cluster://${CREDENTIALS}${hostsOf(cluster.nodes)}`),
    createSessionStore(`redis+sentinel://${CREDENTIALS}${hostsOf(group.sentinels)}/${group.name}`),
  ]);
  for (const store of stores) {
    const sessions = createSessionManager(store);
    await Promise.all(Array.from({ length: 30 }, () => sessions.create()));
  }
  for (const count of await connectionsOf(servers, "ada")) expect(count).toBeGreaterThan(0);
  await Promise.all(stores.map((store) => store.close?.()));
  await until(async () => (await connectionsOf(servers, "ada")).every((count) => count === 0));
});

test("a password that is refused makes calls fail, and is not shown", async () => {
  const urls = [
    `redis://ada:topsecret@${hostsOf([single])}`,
    `redis+cluster://ada:topsecret@${hostsOf(cluster.nodes)}`,
    `redis+sentinel://ada:topsecret@${hostsOf(group.sentinels)}/${group.name}`,
  ];
  const errors = urls.map(async (url) => {
    const store = await createSessionStore(url);
    const created = createSessionManager(store).create();
    const error: unknown = await created.then(String, (reason: unknown) => reason);
    await store.close?.();
    return error;
  });
  for (const error of await Promise.all(errors)) {
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({ code: expect.stringMatching(/^STORE_(UNAVAILABLE|TIMEOUT)$/) });
    expect(Bun.inspect(error)).not.toContain("topsecret");
  }
});

test.each([
  "",
  "topsecret",
  "memory",
  "memory://",
  "http://ada:topsecret@localhost",
  "redis:ada:topsecret@localhost",
  "redis://ada:topsecret@localhost:notaport",
  "redis://ada:topsecret@localhost:99999",
  "redis+cluster:",
  "redis+cluster://",
  "redis+cluster://ada:topsecret@",
  "redis+cluster://ada:topsecret@localhost:99999",
  "redis+cluster://ada:topsecret@localhost:0",
  "redis+cluster://ada:topsecret@localhost:x",
  "redis+cluster://ada:topsecret@localhost:7000,",
  "redis+cluster://ada:topsecret@,localhost:7000",
  "redis+cluster://ada:topsecret@localhost:7000/1",
  "redis+cluster://ada:topsecret@localhost:7000?db=1",
  "redis+cluster://ada:topsecret%ZZ@localhost:7000",
  "redis+cluster://ada:top@secret@localhost:7000",
  "redis+cluster://ada:top/secret@localhost:7000",
  "redis+cluster://topsecret@localhost:7000",
  "redis+cluster://[::1:7000",
  "redis+sentinel://ada:topsecret@localhost:26379",
  "redis+sentinel://ada:topsecret@localhost:26379/",
  "redis+sentinel://ada:topsecret@localhost:26379/name/more",
  "redis+sentinel://ada:topsecret@localhost:26379/%ZZ",
  "redis+sentinels://ada:topsecret@localhost:26379/name",
])("%p is refused, without showing what may be a password", async (url) => {
  const error: unknown = await createSessionStore(url).then(
    (store) => store.close?.().then(() => "a store"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SessionError);
  expect(error).toMatchObject({ code: "INVALID_OPTION" });
  expect(Bun.inspect(error).replace(url === "" ? "\0" : url, "")).not.toMatch(/secret|localhost/);
  expect(String(error)).not.toMatch(/secret|localhost/);
});
