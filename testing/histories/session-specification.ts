import type { Specification, Step } from "./linearize.ts";
import type { Operation, Patch, Shown } from "./operations.ts";
import {
  initialState,
  keyOf,
  momentOf,
  type Progress,
  type SpecifiedSession,
  type State,
  sortedKeys,
  THE_SAME,
  userOf,
  watched,
  withoutSession,
  withSession,
} from "./session-state.ts";
import { endOfUser, listOfUser } from "./user-specification.ts";

/**
 * The life of sessions as the guarantees tell it. Every call on one session happens at one moment. Those about all of a
 * user's do not, and are not promised to: `destroyByUser` ends one session after the other, and `listByUser` shows each
 * as it was at some moment of the call.
 */
export const sessionSpecification: Specification<State, Operation> = {
  initial: initialState,
  keyOf,

  begin(state, operation, call) {
    const progress = beginning(state, operation);
    if (progress === undefined) return state;
    return watched({ ...state, calls: { ...state.calls, [call]: progress } });
  },

  *steps(state, operation, call) {
    const { asked } = operation;
    if (asked.do === "create") yield* create(state, operation);
    else if (asked.do === "destroyByUser") yield* endOfUser(state, operation, call);
    else if (asked.do === "listByUser") yield* listOfUser(state, operation, call);
    else if (asked.do === "destroyByHandle") yield* destroyByHandle(state, operation, call);
    else yield* onSession(state, operation, call);
  },
};

function beginning(state: State, { asked, id = "", except }: Operation): Progress | undefined {
  if (asked.do === "merge" || asked.do === "regenerate") {
    return {
      kind: "change",
      earliestEnd: state.sessions[id]?.earliestEnd ?? 0,
      movesTo: asked.do === "regenerate" ? String(asked.patch.userId ?? THE_SAME) : undefined,
      wasEnded: false,
    };
  }
  if (asked.do !== "destroyByUser" && asked.do !== "listByUser") return undefined;
  const own = Object.entries(state.sessions).filter(
    ([other, session]) => other !== except && userOf(session) === asked.user,
  );
  if (asked.do === "listByUser")
    return { kind: "list", user: asked.user, must: own.map(([other]) => other), may: [], arriving: false };
  return { kind: "end", user: asked.user, pinned: own.map(([, { login }]) => login), ended: 0 };
}

const done = (state: State): Step<State> => ({ state, done: true });

function* create(state: State, operation: Operation): Generator<Step<State>> {
  const { asked, from, to, ttl, absoluteTtl, answer } = operation;
  if (asked.do !== "create") return;
  const { id, data, expiresAt, absoluteExpiresAt = Number.POSITIVE_INFINITY } = answer as Shown;
  if (!Bun.deepEquals(data, asked.data) || id in state.sessions) return;
  const isInTime = (end: number, lifetime: number): boolean => end >= from + lifetime && end <= to + lifetime;
  if (!isInTime(expiresAt, Math.min(ttl, absoluteTtl)) || !isInTime(absoluteExpiresAt, absoluteTtl)) return;
  const end = { earliestEnd: expiresAt, latestEnd: expiresAt, absoluteEnd: absoluteExpiresAt };
  const session = { login: state.logins, data: sortedKeys(data), ...end };
  const now = momentOf(state, operation);
  yield done({ ...withSession(state, id, session), logins: state.logins + 1, now });
}

/** The call met no live session: it was ended, or its end may have come. */
function* absent(state: State, operation: Operation, id: string): Generator<Step<State>> {
  const session = state.sessions[id];
  if (session === undefined) yield done(state);
  else if (session.earliestEnd <= operation.to) {
    const now = Math.max(momentOf(state, operation), session.earliestEnd);
    yield done({ ...withoutSession(state, id), now });
  }
}

function* onSession(before: State, operation: Operation, call: number): Generator<Step<State>> {
  const { asked, id = "", answer } = operation;
  const { [call]: progress, ...calls } = before.calls;
  const state = { ...before, calls };
  const now = momentOf(state, operation);
  const found = state.sessions[id];
  const silent = asked.do === "touch" || asked.do === "destroy";
  if (answer === null || silent) yield* absent(state, operation, id);
  if (answer === null || found === undefined || found.latestEnd <= now) return;
  const live = { ...found, earliestEnd: Math.max(found.earliestEnd, now + 1) };
  const shown = shownIn(operation);
  const readEnd = progress?.kind === "change" ? progress.earliestEnd : undefined;
  for (const [next, nextId] of outcomes(operation, live, now, readEnd)) {
    if (next === undefined) yield done({ ...withoutSession(state, id), now });
    else {
      const agreed = shown === undefined ? next : agree(next, shown, leastEnd(operation, readEnd));
      if (agreed === undefined || (shown !== undefined && shown.id !== nextId)) continue;
      yield done({ ...withSession(state, nextId, agreed, id), now });
    }
  }
}

/** What a live session can become by the call, and under which id. */
function* outcomes(
  operation: Operation,
  live: SpecifiedSession,
  now: number,
  readEnd = 0,
): Generator<[session: SpecifiedSession | undefined, id: string]> {
  const { asked, id = "", answer } = operation;
  if (asked.do === "destroy") yield [undefined, id];
  if (asked.do === "get") yield [live, id];
  if (asked.do === "merge") yield [patched(live, asked.patch), id];
  if (asked.do === "touch" || asked.do === "refresh") yield [extended(live, operation, now), id];
  if (asked.do === "regenerate") {
    // It goes on from the end that it has read, so an extension of that very moment may not count.
    const end = Math.min(live.earliestEnd, Math.max(readEnd, operation.from + 1));
    const asRead = extended({ ...live, earliestEnd: end }, operation, operation.from);
    yield [patched(asRead, asked.patch), (answer as Shown).id];
  }
  if (asked.do === "refreshIfDue") {
    const { threshold, to, ttl } = operation;
    const { extended: wasExtended } = answer as { extended: boolean };
    const gained = Math.min(to + ttl, live.absoluteEnd) > live.earliestEnd;
    if (wasExtended && gained && live.earliestEnd - to <= threshold)
      yield [extended(live, operation, now), id];
    const mayBeLeft =
      live.latestEnd - now > threshold || Math.min(now + ttl, live.absoluteEnd) <= live.latestEnd;
    if (!wasExtended && mayBeLeft) yield [live, id];
  }
}

function extended(session: SpecifiedSession, { to, ttl }: Operation, now: number): SpecifiedSession {
  const end = (moment: number): number => Math.min(moment + ttl, session.absoluteEnd);
  return {
    ...session,
    earliestEnd: Math.max(session.earliestEnd, end(now)),
    latestEnd: Math.max(session.latestEnd, end(to)),
  };
}

function patched(session: SpecifiedSession, patch: Patch): SpecifiedSession {
  const data = Object.fromEntries(
    Object.entries({ ...session.data, ...patch }).filter(([, value]) => value !== null),
  );
  return { ...session, data: sortedKeys(data) };
}

function shownIn({ answer }: Operation): Shown | undefined {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return undefined;
  return "session" in answer ? answer.session : (answer as Shown);
}

/** The earliest end that may be told, where that need not be the true one; no later one ever may. */
function leastEnd({ asked, tellsAtLeast }: Operation, readEnd: number | undefined): number | undefined {
  if (asked.do === "merge") return readEnd;
  const isExtending = asked.do === "refresh" || asked.do === "refreshIfDue" || asked.do === "regenerate";
  return tellsAtLeast && isExtending ? 0 : undefined;
}

/** The session with the end that was told, where that and the data can be its own. `least`: see above. */
function agree(
  session: SpecifiedSession,
  { data, expiresAt }: Shown,
  least?: number,
): SpecifiedSession | undefined {
  const { earliestEnd, latestEnd } = session;
  if (expiresAt > latestEnd || !Bun.deepEquals(data, session.data)) return undefined;
  if (least !== undefined) {
    return expiresAt < least ? undefined : { ...session, earliestEnd: Math.max(earliestEnd, expiresAt) };
  }
  return expiresAt < earliestEnd ? undefined : { ...session, earliestEnd: expiresAt, latestEnd: expiresAt };
}

/** Looks whose the session is, and ends it: two moments. */
function* destroyByHandle(state: State, operation: Operation, call: number): Generator<Step<State>> {
  const { asked, id = "", answer } = operation;
  if (asked.do !== "destroyByHandle") return;
  const now = momentOf(state, operation);
  const session = state.sessions[id];
  const isOwn = session !== undefined && userOf(session) === asked.user && session.latestEnd > now;
  if (answer === false) {
    if (!isOwn) yield done({ ...state, now });
    else yield* absent(state, operation, id);
  } else if (state.calls[call] !== undefined) {
    const { [call]: _, ...calls } = state.calls;
    yield done({ ...withoutSession({ ...state, calls }, id), now });
  } else if (isOwn) {
    yield { state: { ...state, now, calls: { ...state.calls, [call]: { kind: "handle" } } }, done: false };
  }
}
