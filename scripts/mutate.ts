// Breaks the code in every way that scripts/mutations lists, and sees to it that the tests notice. Part of
// scripts/guarantees.ts; by itself it prints how long each one took.
// Usage: bun run mutate [G1 G2 ...]
import { proveMutations } from "./lib/mutation-proof.ts";
import { report } from "./lib/violation.ts";
import { repository } from "./lib/workspace.ts";
import { GUARANTEES, mutations } from "./mutations/index.ts";

const asked = process.argv.slice(2);
const chosen = GUARANTEES.filter((guarantee) => asked.length === 0 || asked.includes(guarantee));
const startedAt = performance.now();
const violations = await proveMutations(
  repository,
  chosen.flatMap((guarantee) => mutations[guarantee]),
  {
    onDone: ({ breaks }) =>
      console.log(`${((performance.now() - startedAt) / 1000).toFixed(1)} s  ${breaks}`),
  },
);
report(violations);
