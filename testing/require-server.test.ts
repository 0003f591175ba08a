import { expect, test } from "bun:test";
import { requireServer, serverPrograms } from "./require-server.ts";

test.each(serverPrograms)("%s is found where it is installed, on the path or not", async (program) => {
  expect(await requireServer(program)).toEndWith(`/${program}`);
});

test("where it can be neither found nor installed, the error has the line that installs it", async () => {
  const script = `
    import { requireServer } from ${JSON.stringify(new URL("./require-server.ts", import.meta.url).pathname)};
    await requireServer("redis-server");
  `;
  const child = Bun.spawn([process.execPath, "-e", script], {
    env: { PATH: "/nonexistent" },
    stdout: "ignore",
    stderr: "pipe",
  });
  expect(await child.exited).not.toBe(0);
  expect(await child.stderr.text()).toMatch(
    /Install it with: (sudo apt-get .* redis-server|brew install redis)/,
  );
});
