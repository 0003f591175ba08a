import type { Step } from "./linearize.ts";
import type { Operation, Shown } from "./operations.ts";
import {
  momentOf,
  movesTo,
  type Progress,
  type State,
  sortedKeys,
  userOf,
  withoutSession,
} from "./session-state.ts";

/** `destroyByUser`: at each moment it may end one more of the user's sessions, until it has ended all that it has to. */
export function* endOfUser(state: State, operation: Operation, call: number): Generator<Step<State>> {
  const { asked, except, answer, to } = operation;
  const progress = state.calls[call];
  if (asked.do !== "destroyByUser" || progress?.kind !== "end") return;
  const now = momentOf(state, operation);
  const own = Object.entries(state.sessions).filter(
    ([id, session]) => id !== except && userOf(session) === asked.user,
  );
  if (progress.ended < Number(answer)) {
    for (const [id, session] of own) {
      if (session.latestEnd <= now) continue;
      const next = withoutSession({ ...state, now }, id);
      const calls = { ...next.calls, [call]: { ...progress, ended: progress.ended + 1 } };
      yield { state: { ...next, calls }, done: false };
    }
    yield* endArriving(state, call, progress);
  } else {
    const survives = own.some(
      ([, { login, earliestEnd }]) => progress.pinned.includes(login) && earliestEnd > to,
    );
    const { [call]: _, ...calls } = state.calls;
    if (!survives) yield { state: { ...state, now, calls }, done: true };
  }
}

/** What a regenerate has written under the new id may be ended, and count, although the old one has not moved yet. */
function* endArriving(
  state: State,
  call: number,
  progress: Extract<Progress, { kind: "end" }>,
): Generator<Step<State>> {
  for (const [other, arriving] of Object.entries(state.calls)) {
    if (arriving.kind !== "change" || arriving.wasEnded || !movesTo(arriving, progress.user)) continue;
    const ended = { ...arriving, wasEnded: true };
    const calls = { ...state.calls, [other]: ended, [call]: { ...progress, ended: progress.ended + 1 } };
    yield { state: { ...state, calls }, done: false };
  }
}

/** `listByUser`: what was the user's all along is in the list, and what is in the list was the user's at some moment. */
export function* listOfUser(state: State, operation: Operation, call: number): Generator<Step<State>> {
  const { answer, to } = operation;
  const progress = state.calls[call];
  if (progress?.kind !== "list") return;
  const listed = answer as readonly Shown[];
  const logins: number[] = [];
  for (const { id, data } of listed) {
    const seen = progress.may.find((text) => {
      const [, seenId, seenData] = JSON.parse(text);
      return seenId === id && Bun.deepEquals(seenData, sortedKeys(data));
    });
    if (seen !== undefined) logins.push(JSON.parse(seen)[0]);
    else if (!progress.arriving) return;
  }
  // However often a session moves meanwhile, it is shown once.
  if (new Set(logins).size < logins.length) return;
  const isListed = (id: string): boolean => listed.some((one) => one.id === id);
  if (progress.must.some((id) => !isListed(id) && (state.sessions[id]?.earliestEnd ?? 0) > to)) return;
  const { [call]: _, ...calls } = state.calls;
  yield { state: { ...state, now: momentOf(state, operation), calls }, done: true };
}
