import { isDeepStrictEqual } from "node:util";
import { andThen } from "./awaitable.ts";
import { type JsonObject, toJsonData } from "./session-data.ts";
import { SessionError } from "./session-error.ts";
import type { SessionEvents } from "./session-events.ts";
import type { Awaitable, StoredSession } from "./session-store.ts";
import type { StandardIssue, StandardResult, StandardSchemaV1 } from "./standard-schema.ts";

/** What {@link SessionOptions.migrate} is told besides the data. */
export interface MigrationInfo {
  /** The session's public name. */
  readonly handle: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export type Migrate = (data: unknown, info: MigrationInfo) => unknown;

/** What data has to look like, on its way in and on its way out. */
export interface SessionShape {
  /** The data as it is to be stored; `INVALID_DATA` where it does not fit. */
  accept(data: JsonObject): Awaitable<JsonObject>;
  /** The record with its data as the application knows it; `CORRUPT_RECORD` where it does not fit. */
  read(stored: StoredSession): Awaitable<StoredSession>;
}

/** Without a schema, data is what it is. */
const anyShape: SessionShape = { accept: (data) => data, read: (stored) => stored };

export interface ShapeOptions {
  readonly schema: StandardSchemaV1 | undefined;
  readonly migrate: Migrate | undefined;
  readonly handleOf: (key: string) => string;
  readonly events: SessionEvents;
}

export function createSessionShape({ schema, migrate, handleOf, events }: ShapeOptions): SessionShape {
  if (schema === undefined) return anyShape;
  const validate = (data: unknown): Awaitable<StandardResult<unknown>> => schema["~standard"].validate(data);

  /** What was written has to pass when it is read: a schema that changes its own output would lock the user out. */
  function checkAgain(data: JsonObject): Awaitable<JsonObject> {
    return andThen(validate(structuredClone(data)), (result) => {
      if (result.issues === undefined && isDeepStrictEqual(asJson(result.value), data)) return data;
      const where = result.issues === undefined ? "" : ` at ${pathsOf(result.issues)}`;
      throw invalid(
        `The schema does not accept its own output as it is${where}, so the session could not be read again: ` +
          "let it check and fill in, but not convert.",
      );
    });
  }

  async function migrated(migrateRecord: Migrate, stored: StoredSession): Promise<StoredSession> {
    const { createdAt, expiresAt } = stored;
    try {
      const data = await migrateRecord(stored.data, { handle: handleOf(stored.id), createdAt, expiresAt });
      const result = await validate(data);
      if (result.issues === undefined) return { ...stored, data: asJson(result.value) };
      throw invalid(`What migrate gave does not fit at ${pathsOf(result.issues)}.`);
    } catch (cause) {
      throw unreadable(stored, "could not be migrated to the schema", cause);
    }
  }

  function unreadable(stored: StoredSession, what: string, cause?: unknown): SessionError {
    events.failed("CORRUPT_RECORD", "schema", stored.id, stored.userKey);
    const message = `A session record ${what}. It was left as it is: correct the option migrate, or let the session end.`;
    return new SessionError("CORRUPT_RECORD", message, cause === undefined ? undefined : { cause });
  }

  return {
    accept(data) {
      // A copy: a validator may write to what it is given.
      return andThen(validate(structuredClone(data)), (result) => {
        if (result.issues !== undefined) {
          throw invalid(
            `The schema refuses the session's data at ${pathsOf(result.issues)}: nothing was written.`,
          );
        }
        const output = asJson(result.value);
        return isDeepStrictEqual(output, data) ? data : checkAgain(output);
      });
    },

    read(stored) {
      return andThen(validate(stored.data), (result) => {
        if (result.issues === undefined) return { ...stored, data: asJson(result.value) };
        if (migrate !== undefined) return migrated(migrate, stored);
        throw unreadable(stored, `does not fit the schema at ${pathsOf(result.issues)}`);
      });
    },
  };
}

/** The schema's output, which has to be JSON already: data of another type would come back from the store as text. */
function asJson(output: unknown): JsonObject {
  const copy = toJsonData(output);
  checkIsJson(output, "data");
  return copy;
}

function checkIsJson(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null) return;
  if ("toJSON" in value) {
    throw invalid(
      `The schema's output is to be JSON, and ${path} is an object with toJSON, such as a Date: keep the text.`,
    );
  }
  for (const [key, part] of Object.entries(value)) checkIsJson(part, `${path}.${key}`);
}

const MAX_PATHS = 5;
const MAX_PATH_LENGTH = 100;

/** Where the data does not fit, and never what is there: a value may be a secret, and messages get into logs. */
function pathsOf(issues: readonly StandardIssue[]): string {
  const paths = [...new Set(issues.map(pathOf))];
  const further = paths.length > MAX_PATHS ? ` and ${paths.length - MAX_PATHS} more` : "";
  return paths.slice(0, MAX_PATHS).join(", ") + further;
}

function pathOf({ path = [] }: StandardIssue): string {
  const keys = path.map((segment) => (typeof segment === "object" ? segment.key : segment));
  const text = keys.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return /^[\w$]+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`;
  });
  return `data${text.join("")}`.slice(0, MAX_PATH_LENGTH);
}

function invalid(message: string): SessionError {
  return new SessionError("INVALID_DATA", message);
}
