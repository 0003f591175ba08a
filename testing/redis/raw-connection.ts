import { connect } from "node:net";
import { createFramer, encodeCommand, type Reply, ReplyError } from "./resp.ts";

/** A connection without a client library, so that what a test asserts does not rest on what it tests. */
export interface RawConnection {
  /** Rejects with a `ReplyError` when the server answers with an error. */
  command(...args: readonly (string | number)[]): Promise<Reply>;
  /** All of them in one write. Errors are among the replies. */
  pipeline(commands: readonly (readonly (string | number)[])[]): Promise<Reply[]>;
  /** The bytes as they are; nobody waits for an answer. */
  write(bytes: string | Uint8Array): void;
  /** Whether it has been closed, by either side. */
  readonly isClosed: boolean;
  /** Resolves when it has been closed, by either side. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface RawConnectionOptions {
  readonly host?: string;
  readonly password?: string | undefined;
  /** What comes without having been asked for: pushes, and what MONITOR and SUBSCRIBE send. */
  readonly onUnasked?: (value: Reply) => void;
}

export async function openRawConnection(
  port: number,
  options: RawConnectionOptions = {},
): Promise<RawConnection> {
  const { host = "127.0.0.1", password, onUnasked } = options;
  const waiting: PromiseWithResolvers<Reply>[] = [];
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  let isClosed = false;
  const socket = connect({ port, host, noDelay: true });
  const feed = createFramer(({ type, value }) => {
    const asked = type === ">" ? undefined : waiting.shift();
    if (asked === undefined) onUnasked?.(value);
    else asked.resolve(value);
    if (waiting.length === 0) socket.unref();
  });
  socket.on("connect", opened.resolve);
  socket.on("data", feed);
  socket.on("error", opened.reject);
  socket.on("close", () => {
    isClosed = true;
    const error = new Error(`The connection to port ${port} was closed.`);
    opened.reject(error);
    for (const { reject } of waiting.splice(0)) reject(error);
    closed.resolve();
  });

  function ask(commands: readonly (readonly (string | number)[])[]): Promise<Reply[]> {
    if (isClosed) return Promise.reject(new Error(`The connection to port ${port} is closed.`));
    const asked = commands.map(() => Promise.withResolvers<Reply>());
    waiting.push(...asked);
    // Only an answer is worth staying alive for.
    socket.ref();
    socket.write(commands.map(encodeCommand).join(""));
    return Promise.all(asked.map(({ promise }) => promise));
  }

  async function command(...args: readonly (string | number)[]): Promise<Reply> {
    const [reply = null] = await ask([args]);
    if (reply instanceof ReplyError) throw reply;
    return reply;
  }

  await opened.promise;
  socket.unref();
  if (password !== undefined) await command("AUTH", password);
  return {
    command,
    pipeline: ask,
    write: (bytes) => void socket.write(bytes),
    get isClosed() {
      return isClosed;
    },
    closed: closed.promise,
    close: () => void socket.destroy(),
  };
}
