import { type ByteLog, lengthFrom, memoryOf, startOf } from "./byte-log.ts";
import type { Bytes } from "./bytes.ts";
import { HAS_RARE, HEAD, secondWord } from "./session-layout.ts";
import type { Slot } from "./session-row.ts";

/** What most sessions have not. */
export interface RareFields {
  readonly absoluteExpiresAt: number | undefined;
  readonly version: number;
  /** JSON. */
  readonly notes: string | undefined;
}

// Two numbers of 64 bits, and the length of the notes, which are at the entry's end, in UTF-8.
const VERSION_AT = 8;
const NOTES_AT = 16;
/** In the place of a length. */
const NO_NOTES = -1;

/** Writes all but the notes. */
export function writeRare(
  { bytes, words }: Bytes,
  start: number,
  rare: RareFields,
  notesLength: number,
): void {
  const at = start + HEAD;
  bytes.writeDoubleLE(rare.absoluteExpiresAt ?? Number.NaN, at);
  bytes.writeDoubleLE(rare.version, at + VERSION_AT);
  words[(at + NOTES_AT) >>> 2] = rare.notes === undefined ? NO_NOTES : notesLength;
}

/** Bytes. */
export function notesLength({ words }: Bytes, start: number): number {
  return Math.max(words[(start + HEAD + NOTES_AT) >>> 2] ?? 0, 0);
}

export function readRare(log: ByteLog, slot: Slot): RareFields | undefined {
  const memory = memoryOf(log, slot);
  const start = startOf(log, slot);
  if ((secondWord(memory, start) & HAS_RARE) === 0) return undefined;
  const { bytes, words } = memory;
  const at = start + HEAD;
  const absoluteEnd = bytes.readDoubleLE(at);
  const end = start + lengthFrom(memory, start);
  const hasNotes = words[(at + NOTES_AT) >>> 2] !== NO_NOTES;
  return {
    absoluteExpiresAt: Number.isNaN(absoluteEnd) ? undefined : absoluteEnd,
    version: bytes.readDoubleLE(at + VERSION_AT),
    notes: hasNotes ? bytes.toString("utf8", end - notesLength(memory, start), end) : undefined,
  };
}
