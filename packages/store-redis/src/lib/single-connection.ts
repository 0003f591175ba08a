import { RedisClient as BunRedisClient } from "bun";
import { findConnectionFault } from "./connection-fault.ts";
import { createLasting } from "./lasting.ts";
import type { Connection, RedisTlsOptions } from "./redis-client-options.ts";
import { withTimeout } from "./with-timeout.ts";

export interface SingleConnectionOptions {
  readonly url: string;
  readonly tls: boolean | RedisTlsOptions | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Milliseconds for which what kept it from connecting is taken to be the same. */
const FAULT_LASTS = 1000;

/**
 * One connection to one node. Bun's client, which is the fastest, gives up for good after some outages and does not
 * notice a server that hangs: each is used for one connection only, and what comes after that is decided here.
 */
export function createSingleConnection(options: SingleConnectionOptions): Connection {
  const { url, tls, timeout } = options;
  const lasting = createLasting<BunRedisClient>({
    connect,
    discard: (client) => client.close(),
    grace: timeout,
  });
  let attempted: BunRedisClient | undefined;
  let connectedAt = 0;
  let fault: unknown;
  let faultFoundAt = Number.NEGATIVE_INFINITY;

  async function connect(): Promise<BunRedisClient> {
    const client = new BunRedisClient(url, {
      connectionTimeout: timeout,
      autoReconnect: false,
      enableOfflineQueue: false,
      // One system call per command costs half of the throughput; Bun pipelines within a tick either way.
      enableAutoPipelining: false,
      ...(tls !== undefined && { tls }),
    });
    attempted = client;
    const startedAt = performance.now();
    try {
      // A server that accepts and hangs, or wants another password, shows itself only in its answers.
      await withTimeout(greet(client), timeout, silent);
    } catch (error) {
      client.close();
      if (performance.now() - startedAt >= timeout) throw silent();
      throw attempted === client ? await explain(error) : error;
    } finally {
      attempted = undefined;
    }
    connectedAt = performance.now();
    client.onclose = (reason) => lasting.lose(client, reason);
    return client;
  }

  async function explain(error: unknown): Promise<unknown> {
    if (performance.now() - faultFoundAt > FAULT_LASTS) {
      fault = (await findConnectionFault(options)) ?? error;
      faultFoundAt = performance.now();
    }
    return fault;
  }

  /** Before that, no command has waited on this very connection for its whole time. */
  const isOld = (): boolean => performance.now() - connectedAt >= timeout;

  return {
    async send(_, command, args) {
      const current = lasting.current();
      const client = current instanceof Promise ? await current : current;
      try {
        return await client.send(command, [...args]);
      } catch (error) {
        // A primary that became a replica: the address may lead to the new one by now. Reads go on if it does not.
        const isReplica = error instanceof Error && error.message.startsWith("READONLY") && isOld();
        if (isReplica || !client.connected) lasting.lose(client, error);
        throw error;
      }
    },
    suspect() {
      if (isOld()) lasting.lose();
    },
    async close() {
      lasting.close();
      const abandoned = attempted;
      attempted = undefined;
      abandoned?.close();
    },
    get lastError() {
      return lasting.lastError;
    },
  };
}

async function greet(client: BunRedisClient): Promise<void> {
  await client.connect();
  try {
    await client.send("PING", []);
  } catch (error) {
    // One that cannot save, or does not allow this user a PING, still answers reads.
    if (!(error instanceof Error && /^(MISCONF|NOPERM|BUSY) /.test(error.message))) throw error;
  }
}

function silent(): Error {
  return new Error("The server accepts connections, but gives no answer.");
}
