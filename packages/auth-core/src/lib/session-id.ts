import { hash } from "node:crypto";

/** ASVS 5.0 7.2.3 asks for 128 bits of entropy; 256 leave no room for a guess however many sessions there are. */
const ID_BYTES = 32;

/** 32 bytes are 43 characters of base64url, the last of which carries four bits: only 16 characters can stand there. */
const ID_SHAPE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Fills the bytes with random values and returns them, as `crypto.getRandomValues` does. */
export type RandomSource = (bytes: Uint8Array) => Uint8Array;

/**
 * Whether the value has the exact shape of an id that {@link createSessionId} makes. Says nothing about whether
 * such a session exists, but lets whatever an attacker invents be refused without asking the store.
 */
export function isSessionId(value: unknown): value is string {
  return typeof value === "string" && ID_SHAPE.test(value);
}

/** A new id. Throws what the random source throws, and refuses a source that gives too few bytes or only zeros. */
export function createSessionId(random: RandomSource): string {
  const bytes = random(new Uint8Array(ID_BYTES));
  if (bytes.length !== ID_BYTES || bytes.every((byte) => byte === 0)) {
    throw new Error(
      `The random source gave ${bytes.length} unusable bytes; ${ID_BYTES} random ones are needed.`,
    );
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, ID_BYTES).toString("base64url");
}

/** Bun's own hash takes two thirds of the time of `node:crypto`, which serves Node.js. */
const sha256: (text: string) => string =
  typeof Bun === "undefined"
    ? (text) => hash("sha256", text, "base64url")
    : (text) => Bun.SHA256.hash(text, "base64url");

/**
 * The SHA-256 of an id, in base64url: what a store holds in its place, so that a copy of the store opens no
 * session, and what a listing shows (CVE-2019-16782 is what looking up raw ids leads to).
 */
export function hashSessionId(id: string): string {
  return sha256(id);
}
