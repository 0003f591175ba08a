import { tmpdir } from "node:os";
import { RedisClient } from "bun";

async function redisAnswers(port: number): Promise<boolean> {
  const asking = new RedisClient(`redis://127.0.0.1:${port}`, {
    autoReconnect: false,
    connectionTimeout: 1000,
  });
  try {
    await asking.connect();
    return (await asking.send("PING", [])) === "PONG";
  } catch {
    return false;
  } finally {
    asking.close();
  }
}

/** A real server that keeps nothing on disk, and ends with this program. Where one answers already, that is used. */
async function startRedis(port: number): Promise<string> {
  const url = `redis://127.0.0.1:${port}`;
  if (await redisAnswers(port)) return url;
  const program = Bun.which("redis-server");
  if (program === null) throw new Error("This needs redis-server: install the package of that name.");
  const server = Bun.spawn(
    [
      ...[program, "--port", String(port), "--bind", "127.0.0.1"],
      ...["--save", "", "--appendonly", "no", "--dir", tmpdir()],
    ],
    { stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  );
  process.once("exit", () => server.kill("SIGKILL"));
  server.unref();
  while (!(await redisAnswers(port))) {
    // Another one may hold the port: one with a password, or one that came up in the same moment.
    if (server.exitCode !== null) throw new Error(`redis-server could not start on port ${port}.`);
    await Bun.sleep(5);
  }
  return url;
}
