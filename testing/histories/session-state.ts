import type { Data, Operation } from "./operations.ts";

/** A session that nobody has ended. It may have expired. */
export interface SpecifiedSession {
  /** Stays the same when the session moves to a new id. */
  readonly login: number;
  readonly data: Data;
  /** The end lies between these, milliseconds: exactly where it was told, more or less after a touch. */
  readonly earliestEnd: number;
  readonly latestEnd: number;
  readonly absoluteEnd: number;
}

/** What a call of several moments has seen or done so far. */
export type Progress =
  /** `pinned`: the log-ins that it has to have ended when it returns. */
  | {
      readonly kind: "end";
      readonly user: string;
      readonly pinned: readonly number[];
      readonly ended: number;
    }
  /**
   * `must`: listed whatever happens; `may`: seen at some moment, as JSON of log-in, id and data; `arriving`: a session
   * was about to become the user's, which is seen under its new id already.
   */
  | {
      readonly kind: "list";
      readonly user: string;
      readonly must: readonly string[];
      readonly may: readonly string[];
      readonly arriving: boolean;
    }
  | { readonly kind: "handle" }
  /**
   * A change reads before it writes: the end that it tells, or goes on from, may be the one from then. A regenerate writes
   * the session under its new id before it ends the old one: until then that counts for nothing, but a call about all of
   * a user's may meet it. `movesTo`: which user's it is to be; `wasEnded`: there, before it counted.
   */
  | {
      readonly kind: "change";
      readonly earliestEnd: number;
      readonly movesTo: string | undefined;
      readonly wasEnded: boolean;
    };

/** Not looked into: a regenerate that leaves the session with its user counts as one to whichever is asked about. */
export const THE_SAME = "the same user";

export function movesTo(progress: Progress, user: string): boolean {
  return progress.kind === "change" && (progress.movesTo === user || progress.movesTo === THE_SAME);
}

export interface State {
  /** The clock is not before this any more. */
  readonly now: number;
  readonly logins: number;
  readonly sessions: Readonly<Record<string, SpecifiedSession>>;
  readonly calls: Readonly<Record<number, Progress>>;
}

export const initialState: State = { now: 0, logins: 0, sessions: {}, calls: {} };

export const userOf = ({ data }: SpecifiedSession): unknown => data.userId;

/** The earliest moment at which the operation can go on. */
export const momentOf = (state: State, { from }: Operation): number => Math.max(state.now, from);

export function keyOf({ now, logins, sessions, calls }: State): string {
  const sorted = Object.entries(sessions).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([now, logins, sorted, calls]);
}

/** The state without the session, and what that means to the calls under way. */
export function withoutSession(state: State, id: string): State {
  const { [id]: _, ...sessions } = state.sessions;
  return watched({ ...state, sessions });
}

/** The state with the session in it, in place of the one under the id `before`. */
export function withSession(state: State, id: string, session: SpecifiedSession, before = id): State {
  const { [before]: replaced, ...others } = state.sessions;
  const left = replaced !== undefined && userOf(replaced) !== userOf(session);
  const sessions = { ...others, [id]: session };
  return watched(
    { ...state, sessions },
    left ? { login: replaced.login, user: userOf(replaced) } : undefined,
  );
}

/** The calls under way have seen this state too. `left`: a log-in that has gone to another user. */
export function watched(state: State, left?: { readonly login: number; readonly user: unknown }): State {
  const calls: Record<number, Progress> = {};
  for (const [call, progress] of Object.entries(state.calls)) {
    calls[Number(call)] = see(state, progress, left);
  }
  return { ...state, calls };
}

function see(
  { sessions, calls }: State,
  progress: Progress,
  left?: { readonly login: number; readonly user: unknown },
): Progress {
  if (progress.kind === "end") {
    const pinned = progress.pinned.filter((login) => progress.user !== left?.user || login !== left.login);
    return { ...progress, pinned };
  }
  if (progress.kind !== "list") return progress;
  const own = Object.entries(sessions).filter(([, session]) => userOf(session) === progress.user);
  const seen = own.map(([id, { login, data }]) => JSON.stringify([login, id, sortedKeys(data)]));
  const arriving = Object.values(calls).some((call) => movesTo(call, progress.user));
  return {
    ...progress,
    arriving: progress.arriving || arriving,
    must: progress.must.filter((id) => own.some(([other]) => other === id)),
    may: [...new Set([...progress.may, ...seen])].sort(),
  };
}

/** So that equal data makes equal text. */
export function sortedKeys(data: Data): Data {
  return Object.fromEntries(Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1)));
}
