import { type Bytes, createBytes, toWord } from "./bytes.ts";
import { keyedHash } from "./keyed-hash.ts";

/** A key, or a user's key, as the bytes that are stored and compared. */
export interface EncodedName {
  bytes: Bytes["bytes"];
  words: Bytes["words"];
  /** Bytes. Up to the next word there are zeros. */
  length: number;
  /** Whether a character has two of them: in every name that is not ASCII alone. */
  isWide: boolean;
  hash: number;
  readonly usual: Bytes;
  readonly hashKey0: number;
  readonly hashKey1: number;
}

/** Bytes of the buffer that is kept, for names of some 340 characters. A longer one gets a buffer of its own. */
const USUAL_SIZE = 1024;

/** Of every character UTF-8 makes three bytes at most. */
const MOST_BYTES = 3;

/** Characters. The word with the length has no room for more. */
const LONGEST = 2 ** 27;

export function checkLength(name: string): void {
  if (name.length > LONGEST) throw new RangeError(`A key has ${name.length} characters.`);
}

/** The two words are the secret of the hash. */
export function createEncodedName([hashKey0 = 0, hashKey1 = 0]: Int32Array): EncodedName {
  const usual = createBytes(USUAL_SIZE);
  return { ...usual, length: 0, isWide: false, hash: 0, usual, hashKey0, hashKey1 };
}

/** Takes the place of the one before. */
export function encodeName(encoded: EncodedName, name: string): void {
  checkLength(name);
  const most = toWord(name.length * MOST_BYTES + 1);
  const { bytes, words } = most > USUAL_SIZE ? createBytes(most) : encoded.usual;
  words[name.length >>> 2] = 0;
  let length = bytes.write(name);
  // UTF-8 would make the same of every lone surrogate, and two keys must never become one. ASCII, the usual case, it keeps.
  const isWide = length !== name.length;
  if (isWide) {
    words[name.length >>> 1] = 0;
    length = bytes.write(name, 0, "utf16le");
  }
  encoded.bytes = bytes;
  encoded.words = words;
  encoded.length = length;
  encoded.isWide = isWide;
  const { hashKey0, hashKey1 } = encoded;
  encoded.hash = keyedHash(words, toWord(length) >>> 2, length, hashKey0, hashKey1);
}
