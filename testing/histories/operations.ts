/** What a client does. A session is named by a number: of those known when the call is made, dead or alive. */
export type Asked =
  | { readonly do: "create"; readonly data: Data }
  | { readonly do: "get" | "touch" | "refresh" | "refreshIfDue" | "destroy"; readonly on: number }
  | { readonly do: "merge" | "regenerate"; readonly on: number; readonly patch: Patch }
  | { readonly do: "destroyByHandle"; readonly on: number; readonly user: string }
  | { readonly do: "listByUser"; readonly user: string }
  | { readonly do: "destroyByUser"; readonly user: string; readonly except?: number };

export type Data = Readonly<Record<string, unknown>>;

/** As JSON, so that a script can hold it: `null` removes the key, as `undefined` does in a patch. */
export type Patch = Readonly<Record<string, number | string | null>>;

/** A session as an answer shows it. `id` is a name, such as `s1`. */
export interface Shown {
  readonly id: string;
  readonly data: Data;
  readonly expiresAt: number;
  readonly absoluteExpiresAt?: number | undefined;
}

/** A call with its answer, as the specification reads it. */
export interface Operation {
  readonly asked: Asked;
  /** The session that it was about. */
  readonly id?: string;
  readonly except?: string | undefined;
  /** The clock when it was made and when it returned, milliseconds. */
  readonly from: number;
  readonly to: number;
  /** The asking manager's, milliseconds; `threshold`: at or below which so much left is due for a refresh. */
  readonly ttl: number;
  readonly absoluteTtl: number;
  readonly threshold: number;
  /** Whether the end that a refresh tells may be earlier than the true one. */
  readonly tellsAtLeast: boolean;
  readonly answer: Answer;
}

export type Answer =
  | null
  | undefined
  | number
  | boolean
  | Shown
  | readonly Shown[]
  | { readonly extended: boolean; readonly session: Shown };
