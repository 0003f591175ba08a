import { expect, test } from "bun:test";
import { connect } from "node:net";
import { SQL } from "bun";
import { until } from "../redis/until.ts";
import { startMariadb, startPostgres } from "./index.ts";

test.each([
  ["PostgreSQL", startPostgres],
  ["MariaDB", startMariadb],
] as const)("%s starts, stands still, is killed, and comes back with its data", async (_, start) => {
  await using server = await start();
  await server.query("CREATE TABLE kept (id INT)");
  await server.query("INSERT INTO kept VALUES (7)");

  await server.freeze();
  const asked = server.query("SELECT id FROM kept");
  server.thaw();
  expect(await asked).toEqual([{ id: 7 }]);

  await server.kill();
  expect(server.isRunning).toBe(false);
  const refused = new SQL(server.url).unsafe("SELECT 1");
  expect(await refused.catch(({ code }) => code)).toMatch(/CONNECTION_REFUSED/);
  await server.start();
  expect(await server.query("SELECT id FROM kept")).toEqual([{ id: 7 }]);
});

/** Whether nobody listens there. A server that stands still lets a connection come about, and says nothing. */
async function isRefused({ hostname, port }: URL): Promise<boolean> {
  const answer = Promise.withResolvers<boolean>();
  const socket = connect(Number(port), hostname);
  socket.once("connect", () => answer.resolve(false));
  socket.once("error", (error: NodeJS.ErrnoException) => answer.resolve(error.code === "ECONNREFUSED"));
  return answer.promise.finally(() => socket.destroy());
}

test("no server is left behind when the process is killed while one stands still", async () => {
  const script = `
    import { startPostgres } from ${JSON.stringify(new URL("./index.ts", import.meta.url).pathname)};
    const server = await startPostgres();
    await server.freeze();
    console.log(server.url);
    process.kill(process.pid, "SIGKILL");
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  const url = (await child.stdout.text()).trim();
  expect(url).toStartWith("postgres://");
  await child.exited;
  await until(() => isRefused(new URL(url)), 20_000, "the server has ended");
});
