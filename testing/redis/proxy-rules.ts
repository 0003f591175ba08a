/** A command that a client has sent to the proxy. */
export interface ProxiedCommand {
  /** Counts connections from 1. */
  readonly connection: number;
  /** In capitals. */
  readonly name: string;
  readonly args: readonly string[];
}

/** Which command: by its name, or by anything about it. */
export type CommandMatch = string | ((command: ProxiedCommand) => boolean);

/** A command that stands still: `reached` once one got there, which goes on after `release`. */
export interface Hold {
  readonly reached: Promise<void>;
  release(): void;
}

/**
 * Where the connection is cut: `before` the command is passed on; `unanswered`, when the server has executed it and the
 * answer is lost; `half`, in the middle of the answer; `answered`, when the client has the answer.
 */
export type CutPoint = "before" | "unanswered" | "half" | "answered";

interface HoldRule {
  readonly step: "before" | "after";
  readonly matches: (command: ProxiedCommand) => boolean;
  readonly arrive: () => void;
  readonly released: Promise<void>;
}

interface CutRule {
  readonly point: CutPoint;
  readonly matches: (command: ProxiedCommand) => boolean;
  readonly done: () => void;
}

/** What is to happen to commands that are still to come. Each rule is for one command, the first that matches. */
export interface ProxyRules {
  hold(step: HoldRule["step"], match: CommandMatch): Hold;
  /** Resolves when it has happened. */
  cut(point: CutPoint, match: CommandMatch): Promise<void>;
  /** Waits for as long as a rule holds the command at this step. */
  pass(step: HoldRule["step"], command: ProxiedCommand): Promise<void>;
  /** Where to cut because of this command, if at all. */
  findCut(command: ProxiedCommand): { readonly point: CutPoint; readonly done: () => void } | undefined;
  releaseAll(): void;
}

export function createProxyRules(): ProxyRules {
  const holds: HoldRule[] = [];
  const cuts: CutRule[] = [];
  const releases = new Set<() => void>();
  return {
    hold(step, match) {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const rule = { step, matches: toPredicate(match), arrive: reached.resolve, released: released.promise };
      holds.push(rule);
      function release(): void {
        // Also one that no command has reached: it is not to hold what comes later.
        if (holds.includes(rule)) holds.splice(holds.indexOf(rule), 1);
        releases.delete(release);
        released.resolve();
      }
      releases.add(release);
      return { reached: reached.promise, release };
    },
    cut(point, match) {
      const done = Promise.withResolvers<void>();
      cuts.push({ point, matches: toPredicate(match), done: done.resolve });
      return done.promise;
    },
    async pass(step, command) {
      const rule = take(holds, (candidate) => candidate.step === step && candidate.matches(command));
      rule?.arrive();
      await rule?.released;
    },
    findCut: (command) => take(cuts, ({ matches }) => matches(command)),
    releaseAll() {
      for (const release of releases) release();
    },
  };
}

function toPredicate(match: CommandMatch): (command: ProxiedCommand) => boolean {
  return typeof match === "string" ? ({ name }) => name === match.toUpperCase() : match;
}

function take<T>(from: T[], isWanted: (item: T) => boolean): T | undefined {
  const index = from.findIndex(isWanted);
  return index === -1 ? undefined : from.splice(index, 1)[0];
}
