import type { Output } from "./output.ts";

/** How far long work is, in a line on a person's terminal that is gone at the end. Elsewhere nothing is written. */
export interface Progress extends Disposable {
  add(amount: number): void;
}

const WIDTH = 24;
/** Milliseconds between two drawings: reading must not wait for the terminal. */
const INTERVAL = 100;

/** `total` may be a guess. */
export function createProgress(output: Output, label: string, total: number): Progress {
  let done = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;

  function draw(): void {
    drawnAt = performance.now();
    const share = Math.min(done / Math.max(total, 1), 1);
    const filled = Math.round(share * WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
    output.error(`\r${label} ${bar} ${Math.floor(share * 100)} %`);
  }

  return {
    add(amount) {
      done += amount;
      if (output.isTerminal && performance.now() - drawnAt >= INTERVAL) draw();
    },
    [Symbol.dispose]() {
      // The whole line goes: what was asked for stands alone.
      if (drawnAt > Number.NEGATIVE_INFINITY) output.error("\r\x1b[2K");
    },
  };
}
