// One server in a process of its own, for the runner: says on which port it listens, and how much CPU time it has used
// whenever it is asked. Usage: bun serve.ts FILE
const file = process.argv[2];
if (file === undefined || process.send === undefined) throw new Error("This is for run.ts to start.");
const { start } = (await import(file)) as { start: () => number | Promise<number> };
const tell = process.send.bind(process);

const port = await start();
process.on("message", (question) => {
  const { user, system } = process.cpuUsage();
  const { rss } = process.memoryUsage();
  tell({ question, user, system, rss });
});
// The runner may have been killed: then there is nobody to serve.
process.on("disconnect", () => process.exit());
tell({ port });

export {};
