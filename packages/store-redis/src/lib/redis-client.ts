import { createDeadlines } from "./deadlines.ts";
import { createGroupConnection } from "./group-connection.ts";
import { invalidOption } from "./invalid-option.ts";
import { joinReads } from "./joined-reads.ts";
import type { Connection, RedisClient, RedisClientOptions } from "./redis-client-options.ts";
import { createSingleConnection } from "./single-connection.ts";

/**
 * A client for one node, a Cluster or a group behind Sentinels. It connects by itself, with the first command at the
 * latest, and again after every outage, however long; each command settles within `commandTimeout`; how many may wait
 * is limited. A command that was under way when the connection broke rejects and is not sent again, since it may have
 * been carried out. Throws `INVALID_OPTION`.
 */
export function createRedisClient(options: RedisClientOptions): RedisClient {
  const { commandTimeout = 1500, maxQueue = 10_000 } = options;
  for (const [name, value] of Object.entries({ commandTimeout, maxQueue })) {
    if (!(typeof value === "number" && value > 0 && value <= 2 ** 31 - 1)) {
      throw invalidOption(name, value, "it must be a number above 0");
    }
  }
  const connection = connect(options, commandTimeout);
  const deadlines = createDeadlines(commandTimeout);
  let outstanding = 0;

  function send(command: string, args: readonly string[]): Promise<unknown> {
    if (outstanding >= maxQueue) {
      return Promise.reject(new Error(`${maxQueue} Redis commands are waiting already (option maxQueue).`));
    }
    outstanding++;
    return new Promise((resolve, reject) => {
      const deadline = deadlines.begin(() => {
        outstanding--;
        connection.suspect();
        reject(timedOut(command, commandTimeout, connection.lastError));
      });
      /** Whether the answer is in time; what comes after that goes unseen. */
      function isInTime(): boolean {
        if (deadline.isOver) return false;
        deadlines.end(deadline);
        outstanding--;
        return true;
      }
      const answered = (answer: unknown): void => void (isInTime() && resolve(answer));
      const failed = (error: unknown): void => void (isInTime() && reject(error));
      try {
        const [key = ""] = args;
        if (command === "GET" && args.length === 1 && connection.read !== undefined) {
          connection.read(key, answered, failed);
        } else {
          connection.send(keyIn(command, args), command, args).then(answered, failed);
        }
      } catch (error) {
        failed(error);
      }
    });
  }

  return {
    send,
    get: (key) => send("GET", [key]) as Promise<string | null>,
    set: (key, value) => send("SET", [key, value]),
    expire: (key, seconds) => send("EXPIRE", [key, String(seconds)]) as Promise<number>,
    del: (key) => send("DEL", [key]) as Promise<number>,
    sadd: (key, ...members) => send("SADD", [key, ...members]) as Promise<number>,
    srem: (key, ...members) => send("SREM", [key, ...members]) as Promise<number>,
    smembers: (key) => send("SMEMBERS", [key]) as Promise<string[]>,
    close: () => connection.close(),
  };
}

/** The one key that the command names. */
function keyIn(command: string, args: readonly string[]): string {
  return args[/^eval/i.test(command) ? 2 : 0] ?? "";
}

function connect(options: RedisClientOptions, commandTimeout: number): Connection {
  const { url, cluster, sentinel } = options;
  const given = Object.entries({ url, cluster, sentinel }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    // Without its value, which may hold a password.
    const names = given.map(([name]) => name).join(" and ") || "none";
    throw invalidOption("url, cluster or sentinel", names, "pass exactly one of them");
  }
  if (url === undefined) return createGroupConnection(options, commandTimeout);
  const single = createSingleConnection({
    url: withCredentials(url, options),
    tls: options.tls,
    timeout: commandTimeout,
  });
  return joinReads(single);
}

function withCredentials(url: string, { username, password }: RedisClientOptions): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^(rediss?|valkeys?|redis\+tls|redis\+unix):$/.test(parsed.protocol)) {
    throw invalidOption("url", parsed?.protocol ?? "no URL", "it must begin with redis:// or rediss://");
  }
  // The URL of a socket names no host, and without one it has no place for credentials.
  if (parsed.host === "") parsed.host = "localhost";
  if (username !== undefined) parsed.username = encodeURIComponent(username);
  if (password !== undefined) parsed.password = encodeURIComponent(password);
  return parsed.href;
}

/** With the code by which the manager knows it. */
function timedOut(command: string, milliseconds: number, cause: unknown): Error {
  const reason = cause instanceof Error ? `: ${cause.message}` : "";
  const message = `Redis gave no answer to ${command} within ${milliseconds} ms (option commandTimeout)${reason}`;
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), {
    code: "STORE_TIMEOUT",
  });
}
