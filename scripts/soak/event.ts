/** A session as an answer showed it. */
export interface Seen {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly expiresAt: number;
  readonly absoluteExpiresAt?: number;
}

/** What came of a call. A failed one may have had its effect, now or later; who called cannot know. */
export type Outcome =
  | { readonly kind: "session"; readonly session: Seen }
  | { readonly kind: "absent" }
  | { readonly kind: "done" }
  | { readonly kind: "ended"; readonly count: number }
  /** The user's sessions by id, and how many more there were that nobody knows the id of. */
  | { readonly kind: "listed"; readonly ids: readonly string[]; readonly unknown: number }
  | { readonly kind: "failed"; readonly code: string };

/** One call of one process. Times are in milliseconds since the epoch, by the clock that all processes share. */
export interface SoakEvent {
  readonly what:
    | ("create" | "get" | "update" | "touch" | "refresh" | "regenerate" | "destroy")
    | ("destroyByUser" | "listByUser");
  readonly calledAt: number;
  readonly returnedAt: number;
  readonly user: string;
  /** Of the session that it was about. */
  readonly id?: string;
  /** Of a touch, a refresh and a regenerate: milliseconds. */
  readonly ttl?: number;
  /** Of an update: the one property that it wrote. Each has one writer, which writes ever larger numbers. */
  readonly wrote?: { readonly register: string; readonly value: number };
  readonly outcome: Outcome;
}

export interface SoakViolation {
  readonly guarantee: "G1" | "G2" | "G3" | "G5" | "G6";
  readonly what: string;
  readonly event: SoakEvent;
}
