import { COOKIE_NAME_RULE, isCookieName } from "./cookie-name.ts";
import type { Lifetimes } from "./expiry.ts";
import { checkOptionNames, invalidOption, lifetime, positiveNumber } from "./option-check.ts";
import type { SessionEvent } from "./session-events.ts";
import type { RandomSource } from "./session-id.ts";
import type { OnLimit } from "./session-limit.ts";
import type { MigrationInfo } from "./session-shape.ts";
import type { StandardSchemaV1 } from "./standard-schema.ts";

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
   * How many sessions one user may have, a whole number from 1; needs a store that finds the sessions of a user. Default:
   * any number (ASVS 5.0 7.1.2).
   */
  maxPerUser?: number | undefined;
  /**
   * What a log-in beyond `maxPerUser` does: end the session that joined the user first, or be refused with `LIMIT_REACHED`.
   * Default `"evict-oldest"`.
   */
  onLimit?: OnLimit;
  /**
   * What data has to look like: a schema of zod, valibot, arktype or any other that knows Standard Schema. Data is
   * checked before it is written and after it is read, and is what the schema gives. It has to accept its own output.
   */
  schema?: StandardSchemaV1<unknown, Data>;
  /**
   * Makes data that fits of what an earlier release of the application has stored and `schema` refuses. Written back with
   * the session's next update. What it throws, and what does not fit either, is `CORRUPT_RECORD`.
   */
  migrate?: (data: unknown, info: MigrationInfo) => unknown;
  /**
   * Told of what happens to sessions, at once and in order. What it throws is logged, and breaks nothing. The same events
   * are published on the `node:diagnostics_channel` named `ventostack:session`.
   */
  onEvent?: (event: SessionEvent) => void;
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
  readonly maxPerUser: number | undefined;
  readonly onLimit: OnLimit;
  readonly clock: () => number;
}

interface InternalOptions<Data extends object> extends ResolvedSessionOptions {
  readonly userIdOf: (data: Data) => string | undefined;
  readonly random: RandomSource;
  readonly schema: StandardSchemaV1 | undefined;
  readonly migrate: ((data: unknown, info: MigrationInfo) => unknown) | undefined;
  readonly onEvent: ((event: SessionEvent) => void) | undefined;
}

/** By name, so that none can be missing here. */
const names: Record<keyof SessionOptions, true> = {
  ttl: true,
  prefix: true,
  cookieName: true,
  absoluteTtl: true,
  touchInterval: true,
  maxPerUser: true,
  onLimit: true,
  schema: true,
  migrate: true,
  onEvent: true,
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
    maxPerUser: sessionCount(options.maxPerUser),
    onLimit: onLimitOf(options.onLimit),
    schema: schemaOf(options.schema, options.migrate),
    migrate: callable("migrate", options.migrate),
    onEvent: callable("onEvent", options.onEvent),
    userIdOf: callable("userIdOf", options.userIdOf) ?? userIdInData,
    clock: callable("clock", options.clock) ?? Date.now,
    random: callable("random", options.random) ?? ((bytes) => crypto.getRandomValues(bytes)),
  };
}

function sessionCount(maxPerUser: number | undefined): number | undefined {
  if (maxPerUser === undefined || (Number.isSafeInteger(maxPerUser) && maxPerUser > 0)) return maxPerUser;
  throw invalidOption("maxPerUser", maxPerUser, "it must be a whole number of sessions from 1");
}

function onLimitOf(onLimit: OnLimit = "evict-oldest"): OnLimit {
  if (onLimit === "evict-oldest" || onLimit === "reject") return onLimit;
  throw invalidOption("onLimit", onLimit, 'it must be "evict-oldest" or "reject"');
}

function schemaOf(schema: StandardSchemaV1 | undefined, migrate: unknown): StandardSchemaV1 | undefined {
  if (schema === undefined) {
    if (migrate === undefined) return undefined;
    throw invalidOption(
      "migrate",
      migrate,
      "it is asked where a schema refuses: give the option schema as well",
    );
  }
  // Some are functions.
  const known = (typeof schema === "object" && schema !== null) || typeof schema === "function";
  if (known && typeof schema["~standard"]?.validate === "function") return schema;
  throw invalidOption(
    "schema",
    schema,
    "it must be a schema that knows Standard Schema (https://standardschema.dev)",
  );
}

function callable<Value>(option: string, value: Value | undefined): Value | undefined {
  if (value === undefined || typeof value === "function") return value;
  throw invalidOption(option, value, "it must be a function");
}

function userIdInData(data: object): string | undefined {
  const userId = "userId" in data ? data.userId : undefined;
  return typeof userId === "string" || typeof userId === "number" ? String(userId) : undefined;
}
