import type { SoakEvent, SoakViolation } from "./event.ts";
import { groupByLogIn, type LogIn, sessionIn } from "./log-ins.ts";

/** Milliseconds by which two readings of one clock may differ: each is cut to a whole one. */
const SLACK = 2;

/** Milliseconds for one trip to the store, as the workers are configured. */
export interface Limits {
  readonly trip: number;
  /** What a process that has to wait for the processor may take longer. */
  readonly slack: number;
}

/** How many trips' time a call may take: a change waits for its turn, reads and writes, and may have to do so again. */
const TRIPS: Record<SoakEvent["what"], number> = {
  ...{ create: 1, get: 1, touch: 1, refresh: 1, destroy: 1, listByUser: 1 },
  ...{ update: 6, regenerate: 6, destroyByUser: 20 },
};

/** What cannot be while the guarantees hold, whatever else happened at the same time. */
export function checkHistory(events: readonly SoakEvent[], limits: Limits): SoakViolation[] {
  const ending = events.filter(({ what }) => what === "destroyByUser");
  return [
    ...events.flatMap((event) => checkTime(event, limits)),
    ...groupByLogIn(events).flatMap((logIn) => {
      const own = ending.filter(({ user }) => user === logIn.user);
      return [
        ...checkDead(logIn, own),
        ...checkAbsent(logIn, own),
        ...checkEnds(logIn),
        ...checkWrites(logIn),
      ];
    }),
    ...checkUsers(events),
  ];
}

/** G6: every call returns within its limit, whatever the server does. */
function checkTime(event: SoakEvent, { trip, slack }: Limits): SoakViolation[] {
  const took = event.returnedAt - event.calledAt;
  if (took <= trip * TRIPS[event.what] + slack) return [];
  return [{ guarantee: "G6", what: `took ${Math.round(took)} ms`, event }];
}

/** G1, G5: what was ended, or found absent, is not seen alive by a call that begins later. */
function checkDead({ ids, events, createdAt }: LogIn, ending: readonly SoakEvent[]): SoakViolation[] {
  const violations: SoakViolation[] = [];
  const everywhere = Math.min(
    ...ending
      .filter(({ outcome, calledAt }) => outcome.kind === "ended" && createdAt < calledAt)
      .map(({ returnedAt }) => returnedAt),
  );
  for (const id of ids.keys()) {
    const ends = events.filter((event) => event.id === id && endsFor(event));
    const deadAt = Math.min(...ends.map(({ returnedAt }) => returnedAt));
    for (const event of events) {
      if (event.id !== id || sessionIn(event) === undefined) continue;
      if (event.calledAt > deadAt)
        violations.push({ guarantee: "G1", what: "a dead session was seen alive", event });
      else if (event.calledAt > everywhere) {
        violations.push({ guarantee: "G5", what: "a session survived destroyByUser", event });
      }
    }
  }
  return violations;
}

const endsFor = ({ what, outcome: { kind } }: SoakEvent): boolean =>
  kind === "absent" ||
  (what === "destroy" && kind === "done") ||
  (what === "regenerate" && kind === "session");

/** G6: nobody is told that a session is absent which nobody can have ended, and whose end has not come. */
function checkAbsent({ ids, events }: LogIn, ending: readonly SoakEvent[]): SoakViolation[] {
  const violations: SoakViolation[] = [];
  for (const [id, { since }] of ids) {
    const own = events.filter((event) => event.id === id);
    const killers = own.filter(({ what }) => what === "destroy" || what === "regenerate");
    // One that was under way when the session came to this id may have met it.
    const everywhere = ending.filter(
      ({ returnedAt, outcome }) => outcome.kind === "failed" || returnedAt >= since,
    );
    for (const event of own.filter(({ outcome }) => outcome.kind === "absent")) {
      const mayBeDead = [...killers, ...everywhere].some(
        (killer) => killer !== event && killer.calledAt <= event.returnedAt,
      );
      if (mayBeDead) continue;
      const told = events.filter((other) => other.returnedAt < event.calledAt && sessionIn(other)?.id === id);
      const end = Math.max(0, ...told.map((other) => sessionIn(other)?.expiresAt ?? 0));
      if (end > event.returnedAt + SLACK) {
        violations.push({
          guarantee: "G6",
          what: `a session that lives until ${end} was said to be absent`,
          event,
        });
      }
    }
  }
  return violations;
}

/** G3: an end never moves back, is never past when it is told, nor beyond the absolute one; a touch moves it on. */
function checkEnds({ ids, events }: LogIn): SoakViolation[] {
  const violations: SoakViolation[] = [];
  const absolute = new Set<number | undefined>();
  for (const event of events) {
    const session = sessionIn(event);
    if (session === undefined) continue;
    const { expiresAt, absoluteExpiresAt = Number.POSITIVE_INFINITY } = session;
    absolute.add(session.absoluteExpiresAt);
    const violation = (what: string): void => void violations.push({ guarantee: "G3", what, event });
    if (expiresAt <= event.calledAt - SLACK) violation("a session was given out after its end");
    if (expiresAt > absoluteExpiresAt) violation("the end is beyond the absolute one");
    if (absolute.size > 1) violation("the absolute end moved");
    if (expiresAt < leastEnd(ids, events, event, session.id)) violation("the end moved back");
  }
  return violations;
}

/** What was told before the call began, and what has been touched since: the session lives at least until then. */
function leastEnd(ids: LogIn["ids"], events: readonly SoakEvent[], event: SoakEvent, id: string): number {
  // An id that it had before counts up to when the move began: what came after may have been overtaken by that.
  const { from, since = 0 } = ids.get(id) ?? {};
  const before = events.filter(({ returnedAt }) => returnedAt < event.calledAt);
  let least = 0;
  for (const earlier of before) {
    const session = sessionIn(earlier);
    const isOwn = session?.id === id || (session?.id === from && earlier.returnedAt < since);
    if (session !== undefined && isOwn) least = Math.max(least, session.expiresAt);
    if (earlier.what === "touch" && earlier.id === id && earlier.outcome.kind === "done") {
      const { absoluteExpiresAt = Number.POSITIVE_INFINITY } = sessionIn(event) ?? {};
      least = Math.max(least, Math.min(earlier.calledAt + (earlier.ttl ?? 0), absoluteExpiresAt) - SLACK);
    }
  }
  return least;
}

/** G2: what was written is seen by whoever reads later, and nobody sees what has not been written. */
function checkWrites({ events }: LogIn): SoakViolation[] {
  const violations: SoakViolation[] = [];
  const writes = events.filter(({ wrote }) => wrote !== undefined);
  for (const event of events) {
    const data = sessionIn(event)?.data;
    if (data === undefined) continue;
    const least = new Map<string, number>();
    const most = new Map<string, number>();
    for (const write of writes) {
      const { register = "", value = 0 } = write.wrote ?? {};
      const isAcknowledged = write.outcome.kind === "session" && write.returnedAt < event.calledAt;
      if (isAcknowledged) least.set(register, Math.max(least.get(register) ?? 0, value));
      if (write.calledAt <= event.returnedAt) most.set(register, Math.max(most.get(register) ?? 0, value));
    }
    for (const [register, value] of least) {
      if (Number(data[register] ?? 0) < value) {
        violations.push({
          guarantee: "G2",
          what: `${register} is ${data[register]} after ${value} was written`,
          event,
        });
      }
    }
    for (const [register, value] of Object.entries(data)) {
      if (typeof value === "number" && value > (most.get(register) ?? 0)) {
        violations.push({
          guarantee: "G2",
          what: `${register} is ${value}, which nobody has written yet`,
          event,
        });
      }
    }
  }
  return violations;
}

/** G5, once nothing else goes on: the list shows every session that a read still finds, and ending them counts the list. */
function checkUsers(events: readonly SoakEvent[]): SoakViolation[] {
  return events.flatMap((event) => {
    const { outcome, user, calledAt, returnedAt } = event;
    if (outcome.kind !== "listed") return [];
    const own = events.filter((other) => other.user === user);
    const violations: SoakViolation[] = [];
    // Read after the listing, and alive: so it was there during the listing too.
    const live = own.filter(
      (other) => other.calledAt > returnedAt && other.what === "get" && sessionIn(other),
    );
    for (const { id = "" } of live) {
      if (!outcome.ids.includes(id))
        violations.push({ guarantee: "G5", what: "a live session is not listed", event });
    }
    const lost = own.filter(
      ({ what, outcome: { kind } }) => kind === "failed" && /create|regenerate/.test(what),
    );
    if (outcome.unknown > lost.length) {
      violations.push({
        guarantee: "G5",
        what: `${outcome.unknown} sessions that nobody made are listed`,
        event,
      });
    }
    const ended = own.find((other) => other.what === "destroyByUser" && other.calledAt >= calledAt);
    const listed = outcome.ids.length + outcome.unknown;
    if (ended?.outcome.kind === "ended" && ended.outcome.count > listed) {
      violations.push({
        guarantee: "G5",
        what: `${ended.outcome.count} ended of ${listed} listed`,
        event: ended,
      });
    }
    return violations;
  });
}
