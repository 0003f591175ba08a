import { type ByteLog, memoryOf, startOf } from "./byte-log.ts";
import { type Bytes, toWord } from "./bytes.ts";
import type { EncodedName } from "./encoded-name.ts";
import {
  DATA_IS_UTF8,
  firstWord,
  HAS_RARE,
  HAS_USER,
  KEY_IS_WIDE,
  KEY_SHIFT,
  keyAt,
  secondWord,
  USER_IS_WIDE,
  USER_SHIFT,
  userAt,
} from "./session-layout.ts";
import type { Slot } from "./session-row.ts";

/** Whether that is the session's key. */
export function hasKey(log: ByteLog, slot: Slot, key: EncodedName): boolean {
  const memory = memoryOf(log, slot);
  const start = startOf(log, slot);
  const first = firstWord(memory, start) & ~DATA_IS_UTF8;
  if (first !== ((key.length << KEY_SHIFT) | (key.isWide ? KEY_IS_WIDE : 0))) return false;
  return hasWords(memory, keyAt(start, secondWord(memory, start)), key);
}

/** Whether that is the key of the session's user. */
export function hasUser(log: ByteLog, slot: Slot, user: EncodedName): boolean {
  const memory = memoryOf(log, slot);
  const start = startOf(log, slot);
  const second = secondWord(memory, start);
  const wanted = (user.length << USER_SHIFT) | HAS_USER | (user.isWide ? USER_IS_WIDE : 0);
  if ((second & ~HAS_RARE) !== wanted) return false;
  return hasWords(memory, userAt(start, firstWord(memory, start), second), user);
}

export function readKey(log: ByteLog, slot: Slot): string {
  const memory = memoryOf(log, slot);
  const start = startOf(log, slot);
  const first = firstWord(memory, start);
  return readName(
    memory,
    keyAt(start, secondWord(memory, start)),
    first >>> KEY_SHIFT,
    (first & KEY_IS_WIDE) !== 0,
  );
}

export function readName({ bytes }: Bytes, at: number, length: number, isWide: boolean): string {
  return bytes.toString(isWide ? "utf16le" : "latin1", at, at + length);
}

export function writeName({ words }: Bytes, at: number, name: EncodedName): void {
  const begin = at >>> 2;
  const count = toWord(name.length) >>> 2;
  for (let word = 0; word < count; word++) words[begin + word] = name.words[word] ?? 0;
}

function hasWords({ words }: Bytes, at: number, name: EncodedName): boolean {
  const begin = at >>> 2;
  const count = toWord(name.length) >>> 2;
  for (let word = 0; word < count; word++) if (words[begin + word] !== name.words[word]) return false;
  return true;
}
