import type { Awaitable } from "@ventostack/auth-core";
import type { Operation } from "./statement.ts";

/** Runs operations on one database. */
export interface Engine {
  /** What writes nothing. */
  read<Answer>(make: () => Operation<Answer>): Awaitable<Answer>;
  /** `timeout`: milliseconds, where it is not the store's. */
  write<Answer>(make: () => Operation<Answer>, timeout?: number): Awaitable<Answer>;
  /** After what runs has ended. */
  close(): Promise<void>;
}

export function tookTooLong(timeout: number): Error {
  return Object.assign(
    new Error(
      `The database gave no answer within ${timeout} ms (option timeout). A write may have happened: try again later.`,
    ),
    { code: "STORE_TIMEOUT" },
  );
}
