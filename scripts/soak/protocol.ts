import type { SoakEvent } from "./event.ts";

/** What a worker is started with. */
export interface Task {
  readonly number: number;
  readonly url: string;
  readonly plant?: string | undefined;
}

export type ToWorker =
  /** A session that another process has made. */
  | { readonly kind: "known"; readonly id: string; readonly user: string }
  /** Milliseconds since the epoch. */
  | { readonly kind: "work"; readonly users: readonly string[]; readonly until: number };

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "known"; readonly id: string; readonly user: string }
  | { readonly kind: "worked"; readonly events: readonly SoakEvent[] }
  | { readonly kind: "broke"; readonly message: string };

/** Milliseconds. */
export const COMMAND_TIMEOUT = 700;
export const STORE_TIMEOUT = 1000;

/** Sessions that outlive the soak, and such that end in it. */
export const LASTING = { ttl: 3600, absoluteTtl: 7200, storeTimeout: STORE_TIMEOUT };
export const BRIEF = { ttl: 2, absoluteTtl: 5, storeTimeout: STORE_TIMEOUT };

export const isBrief = (user: string): boolean => user.endsWith("-brief");
