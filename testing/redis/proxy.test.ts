import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { type RedisProxy, startProxy } from "./proxy.ts";
import { openRawConnection } from "./raw-connection.ts";
import { type RedisServer, startRedis } from "./server.ts";
import { until } from "./until.ts";

let server: RedisServer;
let proxy: RedisProxy;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.command("FLUSHALL");
  proxy = await startProxy(server.port);
});
afterEach(() => proxy.close());

function expectPending(...promises: Promise<unknown>[]): void {
  expect(promises.map((promise) => Bun.peek.status(promise))).toEqual(promises.map(() => "pending"));
}

/** Not `expect(...).rejects`: it waits in a loop of its own, in which a proxy of the same process crawls. */
const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: Error) => error.message,
  );

async function connectBun(): Promise<Bun.RedisClient> {
  const client = new Bun.RedisClient(proxy.url, { autoReconnect: false });
  await client.connect();
  return client;
}

test("commands and answers pass, in order, of every size", async () => {
  const connection = await openRawConnection(proxy.port);
  const big = "ü".repeat(1_000_000);
  expect(await connection.command("set", "big", big)).toBe("OK");
  expect(await connection.command("get", "big")).toBe(big);
  const replies = await connection.pipeline([
    ["SET", "n", 1],
    ["INCR", "n"],
    ["LPUSH", "n", "x"],
    ["GET", "n"],
  ]);
  expect(replies.map(String)).toEqual(["OK", "2", expect.stringContaining("WRONGTYPE"), "2"]);
  expect(proxy.commands.map(({ name }) => name)).toEqual(["SET", "GET", "SET", "INCR", "LPUSH", "GET"]);
  expect(proxy.commands[2]).toEqual({ connection: 1, name: "SET", args: ["n", "1"] });
  connection.close();
});

test("answers of RESP3, pushes and messages pass", async () => {
  const messages: unknown[] = [];
  const connection = await openRawConnection(proxy.port, { onUnasked: (value) => messages.push(value) });
  const hello = await connection.command("HELLO", 3);
  expect(hello).toBeInstanceOf(Map);
  expect(await connection.command("HGETALL", "none")).toEqual(new Map());
  connection.write("*3\r\n$9\r\nSUBSCRIBE\r\n$1\r\na\r\n$1\r\nb\r\n");
  await until(() => messages.length === 2);
  await server.command("PUBLISH", "a", "1");
  await until(() => messages.length === 3);
  expect(messages[2]).toEqual(["message", "a", "1"]);
  expect(await connection.command("PING")).toBe("PONG");
  connection.close();

  const subscriber = await connectBun();
  const received = Promise.withResolvers<string>();
  await subscriber.subscribe("c", received.resolve);
  await server.command("PUBLISH", "c", "2");
  expect(await received.promise).toBe("2");
  subscriber.close();
});

test("a pipeline is one round trip, and commands that wait for each other are several", async () => {
  const connection = await openRawConnection(proxy.port);
  const pipelined = await proxy.measure(() => connection.pipeline([["PING"], ["PING"], ["PING"]]));
  expect(pipelined).toMatchObject({ roundTrips: 1, result: ["PONG", "PONG", "PONG"] });
  expect(pipelined.commands).toHaveLength(3);
  const chained = await proxy.measure(async () => {
    await connection.command("PING");
    await connection.command("PING");
  });
  expect(chained.roundTrips).toBe(2);
  const mixed = await proxy.measure(() =>
    Promise.all([
      connection.command("PING").then(() => connection.command("PING")),
      connection.command("PING"),
    ]),
  );
  expect(mixed.roundTrips).toBe(2);
  connection.close();
});

test.each([true, false])(
  "round trips of Bun's client, with auto-pipelining %p",
  async (enableAutoPipelining) => {
    const client = new Bun.RedisClient(proxy.url, { enableAutoPipelining });
    await client.connect();
    const joined = await proxy.measure(() =>
      Promise.all([client.set("a", "1"), client.get("a"), client.get("b")]),
    );
    expect(joined).toMatchObject({ roundTrips: 1, result: ["OK", "1", null] });
    const chained = await proxy.measure(async () => [await client.get("a"), await client.get("b")]);
    expect(chained).toMatchObject({ roundTrips: 2, result: ["1", null] });
    client.close();
  },
);

test("round trips of another process, which writes pipelines in pieces, to a server that is not too near", async () => {
  // Longer than a busy machine keeps a process waiting between two pieces.
  await using far = await startProxy(server.port, { latencyMilliseconds: 200 });
  const script = `
    import { openRawConnection } from ${JSON.stringify(new URL("./raw-connection.ts", import.meta.url).pathname)};
    const connection = await openRawConnection(${far.port});
    const increment = () => connection.command("INCR", "n");
    for (let i = 0; i < 5; i += 1) await Promise.all([increment(), increment(), increment()]);
    connection.close();
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "ignore", stderr: "inherit" });
  expect(await child.exited).toBe(0);
  expect(far.commands).toHaveLength(15);
  expect(far.roundTrips).toBe(5);
});

test("holdBefore keeps a command from the server, and what comes behind it, but not other connections", async () => {
  const first = await openRawConnection(proxy.port);
  const second = await openRawConnection(proxy.port);
  const hold = proxy.holdBefore(({ name, args }) => name === "SET" && args[0] === "held");
  const set = first.command("SET", "held", "1");
  const behind = first.command("SET", "behind", "1");
  await hold.reached;
  expect(await second.command("SET", "other", "1")).toBe("OK");
  expect(await server.command("EXISTS", "held", "behind")).toBe(0);
  expectPending(set, behind);
  hold.release();
  expect(await Promise.all([set, behind])).toEqual(["OK", "OK"]);
  // It was for one command only.
  expect(await first.command("SET", "held", "2")).toBe("OK");
  first.close();
  second.close();
});

test("a held command arrives even when its client has gone", async () => {
  const connection = await openRawConnection(proxy.port);
  const hold = proxy.holdBefore("SET");
  connection.command("SET", "late", "1").catch(() => {});
  await hold.reached;
  connection.close();
  await until(() => proxy.connections === 0);
  hold.release();
  await until(async () => (await server.command("GET", "late")) === "1");
});

test("holdAfter keeps the answer back, of what the server has executed", async () => {
  const client = await connectBun();
  const other = await openRawConnection(proxy.port);
  const hold = proxy.holdAfter("incr");
  const answer = client.incr("n");
  await hold.reached;
  expect(await other.command("GET", "n")).toBe("1");
  const behind = client.get("n");
  await until(() => proxy.commands.filter(({ name }) => name === "GET").length === 2);
  expectPending(answer, behind);
  hold.release();
  expect(await Promise.all([answer, behind])).toEqual([1, "1"]);
  client.close();
  other.close();
});

test("a hold that nothing has reached holds nothing once it is released", async () => {
  const connection = await openRawConnection(proxy.port);
  proxy.holdBefore("PING").release();
  expect(await connection.command("PING")).toBe("PONG");
  connection.close();
});

test("cutAfter cuts every connection after the n-th answer", async () => {
  const client = await connectBun();
  const other = await openRawConnection(proxy.port);
  const cut = proxy.cutAfter(3, { answered: true });
  expect(await client.incr("n")).toBe(1);
  expect(await other.command("INCR", "n")).toBe(2);
  expect(await client.incr("n")).toBe(3);
  await cut;
  await other.closed;
  await until(() => !client.connected);
  expect(await server.command("GET", "n")).toBe("3");
  await until(() => proxy.connections === 0);
  const again = await openRawConnection(proxy.port);
  expect(await again.command("PING")).toBe("PONG");
  again.close();
});

test("cutAfter loses the answer to the n-th command, which has been executed", async () => {
  const client = await connectBun();
  const cut = proxy.cutAfter(2, { answered: false });
  const answers = await Promise.allSettled([client.incr("n"), client.incr("n"), client.incr("m")]);
  await cut;
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(await server.command("GET", "n")).toBe("2");
});

test("cutAt before: the server never gets the command", async () => {
  const connection = await openRawConnection(proxy.port);
  const cut = proxy.cutAt("INCR", "before");
  expect(await failure(connection.command("INCR", "n"))).toMatch("closed");
  await cut;
  expect(await server.command("GET", "n")).toBeNull();
});

test("cutInReply sends half of an answer", async () => {
  await server.command("SET", "key", "0123456789");
  const cut = proxy.cutInReply("GET");
  let received = "";
  const ended = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    hostname: proxy.host,
    port: proxy.port,
    socket: {
      data(_, bytes) {
        received += bytes.toString();
      },
      close: () => ended.resolve(),
    },
  });
  socket.write("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n");
  await cut;
  await ended.promise;
  expect(received).toBe("$10\r\n0123");

  const client = await connectBun();
  const cutAgain = proxy.cutInReply("GET");
  expect(await failure(client.get("key"))).toMatch(/./);
  await cutAgain;
});

test("a frozen proxy passes nothing, in either direction, and nothing is lost", async () => {
  const connection = await openRawConnection(proxy.port);
  await connection.command("PING");
  proxy.freeze();
  const answer = connection.command("INCR", "n");
  await until(() => proxy.commands.length === 2);
  const fresh = await openRawConnection(proxy.port);
  const other = fresh.command("INCR", "n");
  await until(() => proxy.commands.length === 3);
  expect(await server.command("GET", "n")).toBeNull();
  expectPending(answer, other);
  proxy.thaw();
  expect((await Promise.all([answer, other])).toSorted()).toEqual([1, 2]);
  connection.close();
  fresh.close();
});

test("new connections are refused until they are accepted again", async () => {
  const open = await openRawConnection(proxy.port);
  await proxy.refuse();
  expect(await failure(openRawConnection(proxy.port))).toMatch(/refused/i);
  expect(await open.command("PING")).toBe("PONG");
  await proxy.accept();
  const again = await openRawConnection(proxy.port);
  expect(await again.command("PING")).toBe("PONG");
  open.close();
  again.close();
});

test("a client sees that the server has been killed", async () => {
  await using own = await startRedis();
  await using between = await startProxy(own.port);
  const connection = await openRawConnection(between.port);
  await connection.command("PING");
  await own.kill();
  await connection.closed;
  const early = await openRawConnection(between.port);
  await early.closed;
  await own.restart();
  const late = await openRawConnection(between.port);
  expect(await late.command("PING")).toBe("PONG");
});
