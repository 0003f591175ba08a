/** How long sessions live. All in seconds. */
export interface Lifetimes {
  readonly ttl: number;
  readonly absoluteTtl: number | undefined;
  readonly touchInterval: number;
}

/** Whole, as every store counts them. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** What the rules below read of a session. */
interface Expiring {
  readonly expiresAt: number;
  readonly absoluteExpiresAt?: number;
}

/** The end that no activity moves, in milliseconds, or `undefined` when there is none (ASVS 5.0 7.3.2). */
export function absoluteExpiry(createdAt: number, lifetimes: Lifetimes): number | undefined {
  return lifetimes.absoluteTtl === undefined ? undefined : createdAt + milliseconds(lifetimes.absoluteTtl);
}

/** The end of a session that is used now: the idle timeout, but never past the absolute one (ASVS 5.0 7.3.1). */
export function idleExpiry(now: number, ttl: number, absoluteExpiresAt: number | undefined): number {
  return Math.min(now + milliseconds(ttl), absoluteExpiresAt ?? Number.POSITIVE_INFINITY);
}

/** The end after a touch: never earlier than before. */
export function touchedExpiry(session: Expiring, now: number, ttl: number): number {
  return Math.max(session.expiresAt, idleExpiry(now, ttl, session.absoluteExpiresAt));
}

/** A session is dead at the very millisecond it expires, on whichever of its two ends comes first. */
export function isExpired(session: Expiring, now: number): boolean {
  return session.expiresAt <= now || (session.absoluteExpiresAt ?? Number.POSITIVE_INFINITY) <= now;
}

/** Seconds left, at or below which `touchInterval` has passed since the session was last extended. */
export function refreshThreshold(lifetimes: Lifetimes): number {
  return lifetimes.ttl - lifetimes.touchInterval;
}

/** Whether the session has no more than this many seconds left. */
export function isBelow(session: Expiring, now: number, seconds: number = Number.POSITIVE_INFINITY): boolean {
  return session.expiresAt - now <= seconds * 1000;
}

/** Whether `touchInterval` has passed since the session was last extended, and extending it would gain anything. */
export function isRefreshDue(session: Expiring, now: number, lifetimes: Lifetimes): boolean {
  return (
    isBelow(session, now, refreshThreshold(lifetimes)) &&
    touchedExpiry(session, now, lifetimes.ttl) > session.expiresAt
  );
}

/** Seconds that a plain store may add without passing the absolute end: whole ones, since some stores take no others. */
export function touchSeconds(session: Expiring, now: number, ttl: number): number {
  const remaining = ((session.absoluteExpiresAt ?? Number.POSITIVE_INFINITY) - now) / 1000;
  return remaining < ttl ? Math.floor(remaining) : ttl;
}

/** Whether this moment was within so many seconds; at that very age it is past. Unknown is not recent. */
export function isRecent(at: number | undefined, now: number, seconds: number): boolean {
  return at !== undefined && now - at < seconds * 1000;
}
