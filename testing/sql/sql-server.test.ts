import { expect, test } from "bun:test";
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
  const isRefused = (): Promise<boolean> =>
    new SQL(url, { connectionTimeout: 1 }).unsafe("SELECT 1").then(
      () => false,
      ({ code }) => code === "ERR_POSTGRES_CONNECTION_REFUSED",
    );
  await until(isRefused, 20_000, "the server has ended");
});
