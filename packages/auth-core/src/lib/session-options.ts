import { COOKIE_NAME_RULE, isCookieName } from "./cookie-name.ts";
import type { Lifetimes } from "./expiry.ts";
import { checkOptionNames, invalidOption, lifetime, positiveNumber } from "./option-check.ts";
import type { RandomSource } from "./session-id.ts";

export interface SessionOptions<Data extends object = Record<string, unknown>> {
  /** Idle timeout: seconds that a session lives after it was last used, from 0.001 to 100 years. Default 3600. */
  ttl?: number;
  /**
   * Put before every key in the store. Default `"session:"`, or nothing where the store names its own keys. Of managers
   * that share one store no prefix may begin with another's: with `"s:"` and `"s:admin:"`, user `admin:1` of the one
   * would be user `1` of the other.
   */
  prefix?: string;
  /** The cookie that the middleware reads and writes. Default `"sid"`. */
  cookieName?: string;
  /**
   * Absolute timeout: seconds that a session lives whatever its activity, from 0.001 to 100 years (ASVS 5.0 7.3.2).
   * Default: none.
   */
  absoluteTtl?: number | undefined;
  /** Seconds between two refreshes of one session by the middleware. Default: a tenth of `ttl`. */
  touchInterval?: number;
  /**
   * The user a session belongs to, for listing and log-out-everywhere; `undefined` for an anonymous session.
   * Default: `data.userId`, a string or a number.
   */
  userIdOf?: (data: Data) => string | undefined;
  /**
   * Whether the store gets the SHA-256 of an id in its place, so that a copy of it opens no session. Default true.
   * `false` is for tests and for migrating: switched off for a store that was in use, every handle that was ever listed
   * is an id that opens its session; and the cause of an error, which is the store's own, may name ids.
   */
  hashIds?: boolean;
  /** Milliseconds that one trip to the store may take before the call rejects with `STORE_TIMEOUT`. Default 2000. */
  storeTimeout?: number;
  /** The current time in milliseconds since the epoch. Default `Date.now`. */
  clock?: () => number;
  /** Fills bytes with random values. Default `crypto.getRandomValues`; anything weaker is for tests. */
  random?: RandomSource;
}

/** The options that were in force, defaults included; what a middleware goes by. */
export interface ResolvedSessionOptions extends Lifetimes {
  readonly prefix: string;
  readonly cookieName: string;
  readonly hashIds: boolean;
  /** Milliseconds. */
  readonly storeTimeout: number;
  readonly clock: () => number;
}

interface InternalOptions<Data extends object> extends ResolvedSessionOptions {
  readonly userIdOf: (data: Data) => string | undefined;
  readonly random: RandomSource;
}

/** By name, so that none can be missing here. */
const names: Record<keyof SessionOptions, true> = {
  ttl: true,
  prefix: true,
  cookieName: true,
  absoluteTtl: true,
  touchInterval: true,
  userIdOf: true,
  hashIds: true,
  storeTimeout: true,
  clock: true,
  random: true,
};

/** Longer than `setTimeout` can count: 2^31 - 1 milliseconds. */
const MAX_TIMEOUT = 2_147_483_647;

/** A day: browsers drop a cookie after 400 days, so it has to be renewed well before, however long the ttl. */
const MAX_TOUCH_INTERVAL = 24 * 60 * 60;

/** Fills in the defaults. Throws `INVALID_OPTION` naming the option and the value. */
export function resolveSessionOptions<Data extends object>(
  options: SessionOptions<Data>,
  storeKeyPrefix: string | undefined,
): InternalOptions<Data> {
  checkOptionNames(options, Object.keys(names));
  const ttl = lifetime("ttl", options.ttl ?? 3600);
  const absoluteTtl =
    options.absoluteTtl === undefined ? undefined : lifetime("absoluteTtl", options.absoluteTtl);
  const touchInterval = options.touchInterval ?? Math.min(ttl / 10, MAX_TOUCH_INTERVAL);
  if (typeof touchInterval !== "number" || !(touchInterval >= 0 && touchInterval < ttl)) {
    throw invalidOption(
      "touchInterval",
      touchInterval,
      `it must be a number of seconds from 0 to below ttl (${ttl})`,
    );
  }
  const storeTimeout = positiveNumber("storeTimeout", options.storeTimeout ?? 2000, "milliseconds");
  if (storeTimeout > MAX_TIMEOUT) {
    throw invalidOption("storeTimeout", storeTimeout, `it must be at most ${MAX_TIMEOUT} milliseconds`);
  }
  const cookieName = options.cookieName ?? "sid";
  if (!isCookieName(cookieName)) throw invalidOption("cookieName", cookieName, COOKIE_NAME_RULE);
  const prefix = options.prefix ?? (storeKeyPrefix === undefined ? "session:" : "");
  if (typeof prefix !== "string") throw invalidOption("prefix", prefix, "it must be a string");
  const hashIds = options.hashIds ?? true;
  if (typeof hashIds !== "boolean") throw invalidOption("hashIds", hashIds, "it must be true or false");

  return {
    ttl,
    absoluteTtl,
    touchInterval,
    storeTimeout,
    cookieName,
    prefix,
    hashIds,
    userIdOf: callable("userIdOf", options.userIdOf) ?? userIdInData,
    clock: callable("clock", options.clock) ?? Date.now,
    random: callable("random", options.random) ?? ((bytes) => crypto.getRandomValues(bytes)),
  };
}

function callable<Value>(option: string, value: Value | undefined): Value | undefined {
  if (value === undefined || typeof value === "function") return value;
  throw invalidOption(option, value, "it must be a function");
}

function userIdInData(data: object): string | undefined {
  const userId = "userId" in data ? data.userId : undefined;
  return typeof userId === "string" || typeof userId === "number" ? String(userId) : undefined;
}
