import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import { createRedisClient } from "./redis-client.ts";
import type { RedisClientOptions } from "./redis-client-options.ts";

let redis: RedisServer;
let dir: string;
let ca: string;
let host: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "ventostack-"));
  const [key, certificate] = [join(dir, "key.pem"), join(dir, "certificate.pem")];
  const openssl = [
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
  ];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const made = Bun.spawnSync([...openssl, ...subject, "-days", "2", "-keyout", key, "-out", certificate]);
  if (!made.success) throw new Error(String(made.stderr));
  ca = await readFile(certificate, "utf8");
  redis = await startTlsServer(["--tls-cert-file", certificate, "--tls-key-file", key]);
});
afterAll(async () => {
  await redis.stop();
  await rm(dir, { recursive: true });
});

/** The helpers speak without TLS, so it has a port for that too. The one for TLS may be taken: then the next. */
async function startTlsServer(args: readonly string[]): Promise<RedisServer> {
  const started = await startRedis({ args: [...args, "--tls-auth-clients", "no"] });
  for (let port = started.port + 1; ; port++) {
    try {
      await started.command("CONFIG", "SET", "tls-port", port);
      host = `127.0.0.1:${port}`;
      return started;
    } catch (error) {
      if (port > started.port + 50) throw error;
    }
  }
}

async function outcomeOf(options: RedisClientOptions): Promise<string> {
  const client = createRedisClient({ commandTimeout: 1000, ...options });
  try {
    await client.set("key", "value");
    return String(await client.get("key"));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.close();
  }
}

test.concurrent("rediss:// with the certificate of the authority that signed the server's", async () => {
  expect(await outcomeOf({ url: `rediss://${host}`, tls: { ca } })).toBe("value");
});

test.concurrent("redis:// with the option tls is the same", async () => {
  expect(await outcomeOf({ url: `redis://${host}`, tls: { ca } })).toBe("value");
});

test.concurrent("a certificate that nobody trusted has signed is refused, and the error says so", async () => {
  expect(await outcomeOf({ url: `rediss://${host}` })).toMatch(/self[- ]signed certificate/);
  expect(await outcomeOf({ url: `redis://${host}`, tls: true })).toMatch(/self[- ]signed certificate/);
});

test.concurrent("a certificate for another host is refused", async () => {
  const tls = { ca, servername: "other.example" };
  expect(await outcomeOf({ url: `rediss://${host}`, tls })).toContain("other.example");
});

test.concurrent("rejectUnauthorized: false takes any", async () => {
  expect(await outcomeOf({ url: `rediss://${host}`, tls: { rejectUnauthorized: false } })).toBe("value");
});

test.concurrent("TLS to a port that speaks none, and none to one that does, are faults", async () => {
  expect(await outcomeOf({ url: redis.url.replace("redis:", "rediss:"), tls: { ca } })).toContain(
    "no answer",
  );
  expect(await outcomeOf({ url: `redis://${host}` })).toContain("no answer");
});
