import { type Bytes, toWord } from "./bytes.ts";

// The entry of a session: two words that say how long the names are and what there is, the rare fields, the key, the user's
// key, the data, the notes. The names begin at a word, to be compared by words.

/** Bytes of the two words. */
export const HEAD = 8;
/** Bytes of the rare fields, but for the notes. */
export const RARE = 24;

/** In the first word, under the key's length in bytes. */
export const KEY_IS_WIDE = 1;
export const DATA_IS_UTF8 = 2;
export const KEY_SHIFT = 2;

/** In the second word, under the length of the user's key. */
export const USER_IS_WIDE = 1;
export const HAS_USER = 2;
export const HAS_RARE = 4;
export const USER_SHIFT = 3;
export const USER_FLAGS = 7;

export function firstWord({ words }: Bytes, start: number): number {
  return words[start >>> 2] ?? 0;
}

export function secondWord({ words }: Bytes, start: number): number {
  return words[(start >>> 2) + 1] ?? 0;
}

export function keyAt(start: number, second: number): number {
  return start + HEAD + ((second & HAS_RARE) === 0 ? 0 : RARE);
}

export function userAt(start: number, first: number, second: number): number {
  return keyAt(start, second) + toWord(first >>> KEY_SHIFT);
}
