import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { openRawConnection } from "./raw-connection.ts";
import { until } from "./until.ts";

/** Another program that starts servers, freezes one of them, and then does what the test is about. */
async function runProgram(end: string): Promise<{ ports: number[]; dir: string }> {
  const script = `
    import { startRedis } from ${JSON.stringify(new URL("./server.ts", import.meta.url).pathname)};
    const servers = [await startRedis(), await startRedis()];
    await servers[1].freeze();
    const [, dir] = await servers[0].command("CONFIG", "GET", "dir");
    console.log(JSON.stringify({ ports: servers.map(({ port }) => port), dir }));
    ${end}
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "ignore" });
  const said = JSON.parse(await child.stdout.text());
  await child.exited;
  return said;
}

/** The system accepts connections for a server that is frozen, but not for one that has ended. */
const isRefused = (port: number): Promise<boolean> =>
  openRawConnection(port).then(
    (connection) => {
      connection.close();
      return false;
    },
    () => true,
  );

/** Ends as the statement says, and gives where its servers kept their files. */
async function serversEnd(end: string): Promise<string> {
  const { ports, dir } = await runProgram(end);
  expect(ports).toHaveLength(2);
  for (const port of ports) await until(() => isRefused(port), 20_000, "the servers have ended");
  return dir;
}

test.each([
  ["comes to its end", ""],
  ["exits", "process.exit(0)"],
  ["crashes", "throw new Error('crash')"],
])("nothing is left behind when the process %s", async (_, end) => {
  const dir = await serversEnd(end);
  await until(() => !existsSync(dir), 20_000, "their folders are gone");
});

// By signals that no program, or not ours, answers. Whoever ends a whole tree of processes, as `bun --no-orphans` does
// for the check, may end the one that would remove the folder too: that is left to the system then.
test.each(["SIGKILL", "SIGINT"])(
  "no server is left behind when the process is ended by %s",
  async (signal) => {
    expect(await serversEnd(`process.kill(process.pid, '${signal}')`)).not.toBe("");
  },
);
