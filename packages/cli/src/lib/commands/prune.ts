import type { Command } from "../command.ts";
import { createProgress } from "../output/progress.ts";

export const prune: Command = async ({ inspected, output }) => {
  if (inspected.sweep !== undefined) {
    const removed = await inspected.sweep();
    return { json: { removed }, text: `Removed ${removed} rows of sessions that are over.\n` };
  }
  const done = { users: 0, members: 0, removed: 0 };
  {
    using progress = createProgress(output, "Pruning", await inspected.size());
    for await (const { items, size } of inspected.indexes({ prune: true })) {
      for (const { members = 0, removed } of items) {
        done.users += 1;
        done.members += members;
        done.removed += removed;
      }
      progress.add(size);
    }
  }
  const text = `Looked at ${done.members} entries of ${done.users} users' indexes, and removed ${done.removed} that stood for no session.\n`;
  return { json: done, text };
};
