import { Buffer } from "node:buffer";
import { allocate, type ByteLog, claim, lengthFrom, memoryOf, resize, startOf } from "./byte-log.ts";
import { toWord } from "./bytes.ts";
import type { EncodedName } from "./encoded-name.ts";
import { notesLength, type RareFields, readRare, writeRare } from "./rare-fields.ts";
import { pushRow } from "./rows.ts";
import {
  DATA_IS_UTF8,
  firstWord,
  HAS_RARE,
  HAS_USER,
  HEAD,
  KEY_IS_WIDE,
  KEY_SHIFT,
  RARE,
  secondWord,
  USER_FLAGS,
  USER_IS_WIDE,
  USER_SHIFT,
  userAt,
} from "./session-layout.ts";
import { readName, writeName } from "./session-names.ts";
import type { Slot } from "./session-row.ts";

/** What of a session has no fixed size, but for its key. */
export interface SessionText {
  /** JSON. */
  readonly data: string;
  readonly userKey: string | undefined;
  readonly rare: RareFields | undefined;
}

/** Bytes of user and data up to which they are made one string, and that is cut: making one of bytes is what takes time. */
const SHORT = 2048;

/**
 * Writes the session's entry. For the slot after the last one it adds a row. Where there is no memory for it
 * it throws, and has changed nothing.
 */
export function writeEntry(
  log: ByteLog,
  slot: Slot,
  key: EncodedName,
  user: EncodedName | undefined,
  { data, rare }: SessionText,
): void {
  const dataLength = Buffer.byteLength(data);
  const isAscii = dataLength === data.length;
  const ofNotes = rare?.notes === undefined ? 0 : Buffer.byteLength(rare.notes);
  const userLength = user?.length ?? 0;
  const head = HEAD + (rare === undefined ? 0 : RARE);
  place(log, slot, head + toWord(key.length) + toWord(userLength) + dataLength + ofNotes);

  const memory = memoryOf(log, slot);
  const { bytes, words } = memory;
  let at = startOf(log, slot);
  words[at >>> 2] = (key.length << KEY_SHIFT) | (key.isWide ? KEY_IS_WIDE : 0) | (isAscii ? 0 : DATA_IS_UTF8);
  words[(at >>> 2) + 1] =
    (userLength << USER_SHIFT) |
    (user?.isWide === true ? USER_IS_WIDE : 0) |
    (user === undefined ? 0 : HAS_USER) |
    (rare === undefined ? 0 : HAS_RARE);
  if (rare !== undefined) writeRare(memory, at, rare, ofNotes);
  at += head;
  writeName(memory, at, key);
  at += toWord(key.length);
  if (user !== undefined) writeName(memory, at, user);
  at += toWord(userLength);
  bytes.write(data, at, dataLength, isAscii ? "latin1" : "utf8");
  if (rare?.notes !== undefined) bytes.write(rare.notes, at + dataLength, ofNotes, "utf8");
}

function place(log: ByteLog, slot: Slot, length: number): void {
  const isNew = slot === log.rows.length;
  if (!isNew && resize(log, slot, length)) return;
  allocate(log, slot, length);
  if (isNew) pushRow(log.rows);
  claim(log, slot, !isNew);
}

export function readText(log: ByteLog, slot: Slot): SessionText {
  const memory = memoryOf(log, slot);
  const start = startOf(log, slot);
  const first = firstWord(memory, start);
  const second = secondWord(memory, start);
  const at = userAt(start, first, second);
  const end = start + lengthFrom(memory, start);
  const userLength = second >>> USER_SHIFT;
  if ((second & USER_FLAGS) === HAS_USER && (first & DATA_IS_UTF8) === 0 && end - at <= SHORT) {
    const both = memory.bytes.toString("latin1", at, end);
    return {
      data: both.substring(toWord(userLength)),
      userKey: both.substring(0, userLength),
      rare: undefined,
    };
  }
  const rare = readRare(log, slot);
  const dataEnd = rare === undefined ? end : end - notesLength(memory, start);
  const encoding = (first & DATA_IS_UTF8) === 0 ? "latin1" : "utf8";
  return {
    data: memory.bytes.toString(encoding, at + toWord(userLength), dataEnd),
    userKey:
      (second & HAS_USER) === 0 ? undefined : readName(memory, at, userLength, (second & USER_IS_WIDE) !== 0),
    rare,
  };
}

/** Bytes that the session takes, but for what has a fixed size. */
export function entryLength(log: ByteLog, slot: Slot): number {
  return lengthFrom(memoryOf(log, slot), startOf(log, slot));
}
