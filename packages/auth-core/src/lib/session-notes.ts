import type { SessionDevice } from "./session.ts";
import { SessionError } from "./session-error.ts";
import type { SessionNotes, StoredSession } from "./session-store.ts";

/** What a caller says of a device; what is `null` or `undefined` is not known, or to be forgotten. */
export type DeviceFields = { readonly [Field in keyof SessionDevice]?: string | null | undefined };

/** UTF-16 code units. A header that is longer is cut: no log-in fails for it. */
const lengths: Record<keyof SessionDevice, number> = { userAgent: 512, address: 64, label: 128 };

/**
 * What moves a terminal's cursor or breaks a log's line, and what turns the direction of the text around it: control
 * characters, separators of lines, marks of direction.
 */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * The fields as they are noted: bounded, printable, well-formed. `INVALID_DATA` on what is no text or no field. A field
 * that is to be forgotten is `undefined`.
 */
export function toDeviceFields(device: unknown): { [Field in keyof SessionDevice]?: string | undefined } {
  if (typeof device !== "object" || device === null) throw invalid("device", "is no object");
  const fields: { [Field in keyof SessionDevice]?: string | undefined } = {};
  for (const [name, value] of Object.entries(device)) {
    if (!isField(name)) throw invalid(`device.${name}`, `is none of ${Object.keys(lengths).join(", ")}`);
    if (value !== undefined && value !== null && typeof value !== "string") {
      throw invalid(`device.${name}`, `is of type ${typeof value}, not text`);
    }
    fields[name] = printable(value ?? "", lengths[name]) || undefined;
  }
  return fields;
}

/** The notes with the device's fields in place of their own. */
export function noteDevice(notes: SessionNotes | undefined, fields: object): SessionNotes | undefined {
  return toNotes(notes?.authenticatedAt, deviceIn({ device: { ...notes?.device, ...fields } }));
}

/** The notes, or `undefined` where there is nothing to note. */
export function toNotes(
  authenticatedAt: number | undefined,
  device: SessionDevice | undefined,
): SessionNotes | undefined {
  if (authenticatedAt === undefined && device === undefined) return undefined;
  return {
    ...(authenticatedAt !== undefined && { authenticatedAt }),
    ...(device !== undefined && { device }),
  };
}

/** The device of the notes, and nothing else that a record may hold there. */
export function deviceIn(notes: SessionNotes | undefined): SessionDevice | undefined {
  const noted: unknown = notes?.device;
  if (typeof noted !== "object" || noted === null) return undefined;
  const fields = Object.entries(noted).filter(([name, text]) => isField(name) && typeof text === "string");
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

/**
 * When the user last proved who they are: as noted, or else at the creation. `undefined` where there is no user, and where
 * the store keeps neither: then nobody is taken for freshly signed in.
 */
export function authenticatedAtOf({ notes, userKey, createdAt }: StoredSession): number | undefined {
  const noted = notes?.authenticatedAt;
  if (typeof noted === "number") return noted;
  return userKey !== undefined && createdAt > 0 ? createdAt : undefined;
}

function isField(name: string): name is keyof SessionDevice {
  return Object.hasOwn(lengths, name);
}

function printable(text: string, length: number): string {
  const cut = text
    .slice(0, length * 4)
    .replace(UNPRINTABLE, " ")
    .trim()
    .slice(0, length);
  // Half of a pair is no character, and some databases refuse it.
  return cut.replace(/[\ud800-\udbff]$/, "").toWellFormed();
}

function invalid(path: string, what: string): SessionError {
  return new SessionError("INVALID_DATA", `Of a device only short texts are noted, and ${path} ${what}.`);
}
