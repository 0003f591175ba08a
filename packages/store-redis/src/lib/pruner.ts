/** Work on users' sets that no caller waits for. */
export interface Pruner {
  /** To be told how many members a user's set has; prunes it now and then. */
  readonly grown: (userKey: string, size: number) => void;
  /** Its failure harms nothing and is not reported: what it left is pruned later, or expires with the set. */
  inBackground(work: () => Promise<unknown>): void;
  /** Once all that was begun has ended. */
  settled(): Promise<void>;
}

/** Dead members that a set may hold before it is looked through, so that a log-in seldom pays for it. */
const SLACK = 16;
/** And for each so many live ones one more: looking through a large set for a few would cost more than they do. */
const LIVE_PER_SLACK = 32;
/** Milliseconds after which a set with more members than that is looked through again at the next log-in. */
const INTERVAL = 60_000;
/** Users whose sets were looked through lately. Beyond that the oldest are forgotten, and looked through again. */
const REMEMBERED = 10_000;

const slackFor = (live: number): number => Math.max(SLACK, live / LIVE_PER_SLACK);

/** `prune` gives how many members it left. */
export function createPruner(prune: (userKey: string) => Promise<number>): Pruner {
  const pruned = new Map<string, { left: number; at: number }>();
  const running = new Set<Promise<unknown>>();

  function inBackground(work: () => Promise<unknown>): void {
    const ended: Promise<unknown> = work().then(
      () => running.delete(ended),
      () => running.delete(ended),
    );
    running.add(ended);
  }

  function grown(userKey: string, size: number): void {
    if (size <= SLACK) return;
    const last = pruned.get(userKey);
    const now = performance.now();
    if (last !== undefined && size <= last.left + slackFor(last.left) && now < last.at + INTERVAL) return;
    pruned.delete(userKey);
    pruned.set(userKey, { left: size, at: now });
    if (pruned.size > REMEMBERED) pruned.delete(pruned.keys().next().value ?? "");
    inBackground(async () => {
      const left = await prune(userKey);
      // Unless it was forgotten meanwhile.
      if (pruned.has(userKey)) pruned.set(userKey, { left, at: now });
    });
  }

  return {
    grown,
    inBackground,
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
