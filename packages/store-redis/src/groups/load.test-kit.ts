import { SessionError, type SessionManager } from "@ventostack/auth-core";
import { until } from "@ventostack/testing/redis";

export interface Failure {
  readonly call: string;
  readonly milliseconds: number;
  /** Of a `SessionError`; the text of any other error. */
  readonly code: string;
  readonly cause: string;
}

/** What the callers saw. */
export interface LoadReport {
  readonly failures: readonly Failure[];
  /** What a call that had resolved wrote, and a later one did not find. */
  readonly lostUpdates: readonly string[];
  readonly lostSessions: readonly string[];
}

export interface Load extends AsyncDisposable {
  /** Rounds that all callers have gone through. */
  readonly rounds: number;
  readonly failures: readonly Failure[];
  /** Waits until each caller has gone through so many rounds more, and none of them has met a failure in these. */
  served(rounds: number, milliseconds?: number): Promise<void>;
  stop(): Promise<LoadReport>;
}

export interface LoadOptions {
  /** Whether users also sign in and out meanwhile, whose sessions may be on any node. */
  readonly logins: boolean;
}

/** Reads and writes each of the sessions, over and over, from one caller each. */
export function startLoad(sessions: SessionManager, ids: readonly string[], { logins }: LoadOptions): Load {
  const failures: Failure[] = [];
  const lostUpdates: string[] = [];
  const lostSessions: string[] = [];
  const rounds = ids.map(() => 0);
  let stopped = false;

  async function attempt<Answer>(call: string, run: () => Promise<Answer>): Promise<Answer | undefined> {
    const start = performance.now();
    try {
      return await run();
    } catch (error) {
      const code = error instanceof SessionError ? error.code : String(error);
      const cause = error instanceof Error ? String(error.cause) : "";
      failures.push({ call, milliseconds: performance.now() - start, code, cause });
      return undefined;
    }
  }

  async function useOwn(id: string, caller: string, round: number): Promise<void> {
    const merged = await attempt("merge", () => sessions.merge(id, { [caller]: round }));
    const session = await attempt("get", () => sessions.get(id));
    const refreshed = await attempt("refresh", () => sessions.refresh(id));
    if (merged === null || session === null || refreshed === null) lostSessions.push(`of ${caller}`);
    // A later one than was acknowledged is right too: a write may have happened although its call rejected.
    const found = Number(session?.data[caller] ?? round);
    if (merged && found < round) lostUpdates.push(`${round} of ${caller}: there is ${found}`);
  }

  async function signInAndOut(caller: string, round: number): Promise<void> {
    const created = await attempt("create", () => sessions.create({ userId: caller, round }));
    const moved = created && (await attempt("regenerate", () => sessions.regenerate(created.id, { round })));
    if (moved === null) lostSessions.push(`that ${caller} made in round ${round}`);
    if (moved) await attempt("destroy", () => sessions.destroy(moved.id));
  }

  async function call(id: string, at: number): Promise<void> {
    for (let round = 1; !stopped; round += 1) {
      await useOwn(id, `caller${at}`, round);
      if (logins) await signInAndOut(`caller${at}`, round);
      // Calls that are refused at once would leave the process no time for anything else.
      await new Promise(setImmediate);
      rounds[at] = round;
    }
  }

  const callers = Promise.all(ids.map(call));
  async function stop(): Promise<LoadReport> {
    stopped = true;
    await callers;
    return { failures, lostUpdates, lostSessions };
  }

  const load = {
    get rounds() {
      return Math.min(...rounds);
    },
    failures,
    async served(more: number, milliseconds = 45_000) {
      let from = { rounds: load.rounds, failures: failures.length };
      await until(
        () => {
          if (failures.length > from.failures) from = { rounds: load.rounds, failures: failures.length };
          // One more, because a caller may have been in the middle of one.
          return load.rounds > from.rounds + more;
        },
        milliseconds,
        "all callers are served",
      );
    },
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
  return load;
}
