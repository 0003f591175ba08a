import { createServer, type Server } from "node:net";
import { pickPort } from "./ports.ts";
import { type ProxyConnection, startProxyConnection } from "./proxy-connection.ts";
import { type CommandMatch, createProxyRules, type Hold, type ProxiedCommand } from "./proxy-rules.ts";

export interface RedisProxy extends AsyncDisposable {
  /** Without credentials: the proxy passes on what the client sends. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** What clients have sent so far, on all connections, in the order of arrival. */
  readonly commands: readonly ProxiedCommand[];
  /**
   * How many times clients have waited for the server. On each connection, a round trip begins with a command that
   * arrives when no round trip is under way, and ends with the answer to that command: what is sent until then belongs
   * to it. So a pipeline is one, and two commands of which the second waits for the first are two. Connections add up.
   * For clients of this process that is exact. A client of another one may write a pipeline in pieces, and the first
   * answer overtake the last piece: there, it takes some `latencyMilliseconds`.
   */
  readonly roundTrips: number;
  /** Open connections. */
  readonly connections: number;
  /** What happens while it runs: it may open connections, which takes a round trip or more; better do that before. */
  measure<T>(run: () => Promise<T>): Promise<Measured<T>>;
  /**
   * Holds the next command that matches before the server gets it. Later ones of its connection wait behind it, those
   * of other connections do not. It goes on even if its client has gone away.
   */
  holdBefore(match: CommandMatch): Hold;
  /**
   * Holds the answer to the next command that matches: the server has executed it, the client does not know. Later
   * commands of its connection are executed as well, and their answers wait behind it.
   */
  holdAfter(match: CommandMatch): Hold;
  /**
   * Cuts all connections at the n-th command from now on, counted over all connections. With `answered`, after its
   * client got the answer; without it, when the server has executed it, and the answer is lost. Resolves when done.
   */
  cutAfter(n: number, options: { readonly answered: boolean }): Promise<void>;
  /** Cuts all connections at the next command that matches: before the server gets it, or instead of the answer. */
  cutAt(match: CommandMatch, point: "before" | "unanswered"): Promise<void>;
  /** Cuts all connections when half of the answer's bytes have been sent. */
  cutInReply(match: CommandMatch): Promise<void>;
  /** Cuts all connections now. */
  cut(): void;
  /** No bytes pass in either direction; connections stay open, and new ones are accepted. */
  freeze(): void;
  /** What came meanwhile passes now. */
  thaw(): void;
  /** New connections are refused. Open ones stay: `cut` ends them. */
  refuse(): Promise<void>;
  /** Accepts them again, on the same port. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

export interface Measured<T> {
  readonly result: T;
  readonly commands: readonly ProxiedCommand[];
  readonly roundTrips: number;
}

const HOST = "127.0.0.1";
const ATTEMPTS = 20;

export interface ProxyOptions {
  /** By how much answers are late. Default: 0. */
  readonly latencyMilliseconds?: number;
}

/** Stands between clients and the server on that port, and does to their commands what networks do. */
export async function startProxy(targetPort: number, options: ProxyOptions = {}): Promise<RedisProxy> {
  const { latencyMilliseconds = 0 } = options;
  const commands: ProxiedCommand[] = [];
  const connections = new Set<ProxyConnection>();
  const rules = createProxyRules();
  let roundTrips = 0;
  let accepted = 0;
  let frozen: PromiseWithResolvers<void> | undefined;

  const listen = (port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true }, (client) => {
        accepted += 1;
        const connection = startProxyConnection({
          number: accepted,
          client,
          target: { host: HOST, port: targetPort },
          rules,
          latencyMilliseconds,
          thawed: () => frozen?.promise ?? Promise.resolve(),
          onCommand(command, startsRoundTrip) {
            commands.push(command);
            if (startsRoundTrip) roundTrips += 1;
          },
          onCut: cut,
          onClose: () => connections.delete(connection),
        });
        connections.add(connection);
      });
      server.on("error", reject);
      server.listen(port, HOST, () => resolve(server));
    });

  let listener: Server | undefined = await listenSomewhere(listen);
  const { port } = toAddress(listener);

  function cut(): void {
    for (const connection of connections) connection.reset();
  }
  function thaw(): void {
    frozen?.resolve();
    frozen = undefined;
  }
  async function refuse(): Promise<void> {
    // It listens no more at once; that it says so only when all connections have ended is of no use here.
    listener?.close();
    listener = undefined;
  }
  async function close(): Promise<void> {
    for (const connection of connections) connection.destroy();
    rules.releaseAll();
    thaw();
    await refuse();
  }

  return {
    url: `redis://${HOST}:${port}`,
    host: HOST,
    port,
    commands,
    get roundTrips() {
      return roundTrips;
    },
    get connections() {
      return connections.size;
    },
    async measure(run) {
      const before = { commands: commands.length, roundTrips };
      const result = await run();
      return {
        result,
        commands: commands.slice(before.commands),
        roundTrips: roundTrips - before.roundTrips,
      };
    },
    holdBefore: (match) => rules.hold("before", match),
    holdAfter: (match) => rules.hold("after", match),
    cutAfter(n, { answered }) {
      let seen = 0;
      return rules.cut(answered ? "answered" : "unanswered", () => {
        seen += 1;
        return seen === n;
      });
    },
    cutAt: (match, point) => rules.cut(point, match),
    cutInReply: (match) => rules.cut("half", match),
    cut,
    freeze() {
      frozen ??= Promise.withResolvers();
    },
    thaw,
    refuse,
    async accept() {
      listener ??= await listen(port);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function listenSomewhere(listen: (port: number) => Promise<Server>): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen(pickPort());
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function toAddress(server: Server): { port: number } {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return address;
}
