// Everything a change has to pass, by one command: `npm test`, or `bun run test`. The scripts among the steps can
// also be run one by one, with `bun scripts/NAME.ts`.
import { biome, bun, run, tsc } from "./lib/command.ts";
import { installServers } from "./lib/install-servers.ts";
import { countTests } from "./lib/test-count.ts";

// Tests and snippets run against real servers. A missing one fails the whole run, with the line that installs it.
await installServers();

/** They take seconds together, and what they print matters only when they fail. */
const steps = [
  { name: "Format and lint", command: [...biome, "ci", "--error-on-warnings", "--colors=off", "."] },
  { name: "Types", command: [...tsc, "-p", "."] },
  { name: "Promises nobody waits for", command: [bun, "scripts/promises.ts"] },
  { name: "Boundaries between packages", command: [bun, "scripts/boundaries.ts"] },
  { name: "Exports and manifests", command: [bun, "scripts/exports.ts"] },
  { name: "Unused code (knip)", command: [bun, "node_modules/knip/bin/knip-bun.js", "--no-progress"] },
  { name: "Security, row by row", command: [bun, "scripts/security.ts"] },
  { name: "Documentation", command: [bun, "scripts/docs.ts"] },
  { name: "Guarantees, and tests that notice broken code", command: [bun, "scripts/guarantees.ts"] },
  { name: "Packages as they are published", command: [bun, "scripts/pack.ts"] },
];
const results = await Promise.all(steps.map((step) => run(step.command)));

let passed = 0;
let failed = 0;
for (const [index, { ok, output }] of results.entries()) {
  console.log(`== ${steps[index]?.name}: ${ok ? "ok" : "FAILED"}`);
  if (ok) passed += 1;
  else failed += 1;
  // A step that could not do all of its work says so in a line that begins with "note:".
  const shown = ok ? output.split("\n").filter((line) => line.startsWith("note:")) : [output, ""];
  for (const line of shown) console.log(line);
}

console.log("== Tests");
const tests = await run(
  // Much of their time they wait for servers, so three at once keep two cores busy.
  [bun, "test", "--timeout", "30000", "--parallel=3", "./packages", "./examples", "./testing", "./scripts"],
  { echo: true },
);
const count = countTests(tests);
console.log(`\n${passed + count.passed} passed, ${failed + count.failed} failed`);
// Not `process.exitCode`: a server that a test left running would keep this program alive.
process.exit(failed + count.failed > 0 ? 1 : 0);
