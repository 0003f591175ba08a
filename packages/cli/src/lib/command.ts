import { createSessionManager, type SessionManager } from "@ventostack/auth-core";
import type { Options } from "./arguments.ts";
import type { Output } from "./output/output.ts";
import type { InspectedStore } from "./stores/inspected-store.ts";

export interface Context {
  readonly options: Options;
  readonly output: Output;
  readonly inspected: InspectedStore;
}

/** What a command found or did: for programs as it is, for people as text. */
export interface Result {
  readonly json: unknown;
  readonly text: string;
  /** Default 0. */
  readonly exitCode?: number;
}

export type Command = (context: Context) => Promise<Result>;

/** Milliseconds for one trip: a person waits, and may well look at a store that is slow. */
const STORE_TIMEOUT = 10_000;

export function managerOf({ options, inspected }: Context): SessionManager {
  return createSessionManager(inspected.store, {
    storeTimeout: STORE_TIMEOUT,
    hashIds: options["plain-ids"] !== true,
    ...(options.prefix !== undefined && { prefix: options.prefix }),
  });
}
