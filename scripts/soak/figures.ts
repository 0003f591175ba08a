import type { SoakEvent, SoakViolation } from "./event.ts";
import type { Faults } from "./faults.ts";

/** What happened so far, in numbers. */
export interface Figures {
  /** A line about the epoch, and one for each violation. */
  add(
    epoch: number,
    events: readonly SoakEvent[],
    faults: Faults,
    violations: readonly SoakViolation[],
  ): string;
  summary(): string;
  readonly violations: number;
}

/** Of each kind, that many violations are shown in an epoch: the first ones say it. */
const SHOWN = 3;

export function createFigures(): Figures {
  const startedAt = performance.now();
  const calls = new Map<string, { made: number; failed: number; longest: number }>();
  const outcomes = new Map<string, number>();
  const total = { calls: 0, kills: 0, freezes: 0, violations: 0 };

  function count({ what, outcome, calledAt, returnedAt }: SoakEvent): void {
    const of = calls.get(what) ?? { made: 0, failed: 0, longest: 0 };
    of.made += 1;
    if (outcome.kind === "failed") of.failed += 1;
    of.longest = Math.max(of.longest, returnedAt - calledAt);
    calls.set(what, of);
    const name = outcome.kind === "failed" ? outcome.code : outcome.kind;
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
  }

  return {
    get violations() {
      return total.violations;
    },
    add(epoch, events, { kills, freezes }, violations) {
      events.forEach(count);
      total.calls += events.length;
      total.kills += kills;
      total.freezes += freezes;
      total.violations += violations.length;
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      const failed = events.filter(({ outcome }) => outcome.kind === "failed").length;
      const line = `${seconds} s, epoch ${epoch}: ${events.length} calls, ${failed} failed, ${kills} kills, ${freezes} freezes, ${violations.length} violations`;
      const shown = Object.values(Object.groupBy(violations, ({ guarantee }) => guarantee)).flatMap((kind) =>
        (kind ?? []).slice(0, SHOWN),
      );
      return [line, ...shown.map(describe)].join("\n");
    },
    summary: () =>
      [
        `${total.calls} calls in ${Math.round((performance.now() - startedAt) / 1000)} s; ${total.kills} kills and ${total.freezes} freezes of the server`,
        ...[...calls].map(
          ([what, { made, failed, longest }]) =>
            `  ${what}: ${made}, of which ${failed} failed; the longest took ${Math.round(longest)} ms`,
        ),
        `  answers: ${[...outcomes].map(([name, number]) => `${number} ${name}`).join(", ")}`,
        `${total.violations} violations`,
      ].join("\n"),
  };
}

/** An id of a session that is over by now may be shown, and tells events of one session from those of others. */
function describe({ guarantee, what, event }: SoakViolation): string {
  return `  ${guarantee}: ${what}\n    ${JSON.stringify(event)}`;
}
