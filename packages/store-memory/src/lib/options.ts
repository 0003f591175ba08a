export interface MemorySessionStoreOptions {
  /**
   * Records to hold at most; above that the least recently used one goes. An expired one that no read or sweep has met
   * yet counts. Default: no limit.
   */
  maxSessions?: number;
  /** Seconds between two sweeps of expired sessions. Default 60. Reads never see an expired one, sweep or not. */
  sweepInterval?: number;
  /** The current time in milliseconds since the epoch. Default `Date.now`. */
  clock?: () => number;
}

const known: Record<keyof MemorySessionStoreOptions, true> = {
  maxSessions: true,
  sweepInterval: true,
  clock: true,
};

/** `setTimeout` counts no further: 2^31 - 1 milliseconds. */
const MAX_INTERVAL = 2_147_483;

export function resolveMemoryStoreOptions(
  options: MemorySessionStoreOptions,
): Required<MemorySessionStoreOptions> {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) {
    throw optionError(`There is no option ${unknown}; the options are ${Object.keys(known).join(", ")}.`);
  }
  const { maxSessions = Number.POSITIVE_INFINITY, sweepInterval = 60, clock = Date.now } = options;
  if (options.maxSessions !== undefined && !(Number.isSafeInteger(maxSessions) && maxSessions > 0)) {
    throw invalidOption("maxSessions", maxSessions, "it must be a whole number above 0");
  }
  if (!(typeof sweepInterval === "number" && sweepInterval > 0 && sweepInterval <= MAX_INTERVAL)) {
    throw invalidOption(
      "sweepInterval",
      sweepInterval,
      `it must be a number of seconds above 0, at most ${MAX_INTERVAL}`,
    );
  }
  if (typeof clock !== "function") throw invalidOption("clock", clock, "it must be a function");
  return { maxSessions, sweepInterval, clock };
}

function invalidOption(option: string, value: unknown, wanted: string): Error {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return optionError(`The option ${option} is ${shown}; ${wanted}.`);
}

/** A `SessionError` by its name and code, which is what that class goes by: a store needs only the core's types. */
function optionError(message: string): Error {
  return Object.assign(new Error(message), { name: "SessionError", code: "INVALID_OPTION" });
}
