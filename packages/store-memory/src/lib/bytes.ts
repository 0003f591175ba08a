import { Buffer } from "node:buffer";

/** The same memory as bytes and as words of 32 bits. */
export interface Bytes {
  readonly bytes: Buffer;
  readonly words: Int32Array;
}

/** Zeros. `size` is a multiple of four. */
export function createBytes(size: number): Bytes {
  const memory = new ArrayBuffer(size);
  return { bytes: Buffer.from(memory), words: new Int32Array(memory) };
}

/** From a length in bytes to where the next word begins. */
export function toWord(length: number): number {
  return length + (-length & 3);
}
