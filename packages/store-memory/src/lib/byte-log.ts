import { type Bytes, createBytes } from "./bytes.ts";
import { getInt, type Rows, setInt } from "./rows.ts";
import { Field, type Slot } from "./session-row.ts";

/**
 * An entry of bytes for each slot, one after the other in buffers of a limited size. What an entry leaves behind, because
 * it goes or no longer fits, stays until its buffer is emptied into another one.
 */
export interface ByteLog {
  /** The slots' rows, which say where their entries are. */
  readonly rows: Rows;
  /** Bytes of a chunk, where there are many. */
  readonly usualChunk: number;
  chunks: (Chunk | undefined)[];
  /** Numbers of chunks that are no more. */
  vacant: number[];
  /** The chunk that entries are added to. */
  open: number;
  /** Bytes of all chunks, and of those the ones in use. */
  size: number;
  used: number;
  /** Bytes of all chunks that have been given to entries, in use or left behind. */
  taken: number;
  /** Where the entry is that was allocated last. */
  allocatedIn: number;
  allocatedAt: number;
}

interface Chunk extends Bytes {
  /** Bytes from the beginning that have been given to entries, and how many of them are in use. */
  end: number;
  used: number;
}

/** Before each entry: its slot, and its length. */
const HEADER = 8;
/** For a slot, where there is only room; and for a chunk, where there is none. */
const NOBODY = -1;

const FIRST_CHUNK = 2 ** 10;
const USUAL_CHUNK = 2 ** 18;
/** An entry that takes more than this part of a chunk has one of its own. */
const LARGE = 1 / 8;

/** What may be left behind: of what is in use; of a chunk, after a sweep; and, of a chunk, however little is in use. */
const MOST_LEFT = 1 / 5;
const MOST_LEFT_IN_CHUNK = 1 / 8;
const ALWAYS_LEFT = 1 / 8;

export function createByteLog(rows: Rows, usualChunk: number = USUAL_CHUNK): ByteLog {
  return {
    rows,
    usualChunk,
    chunks: [],
    vacant: [],
    open: NOBODY,
    size: 0,
    used: 0,
    taken: 0,
    allocatedIn: NOBODY,
    allocatedAt: 0,
  };
}

/** The memory that the slot's entry is in, from `startOf` on. Good until the next call that changes an entry. */
export function memoryOf(log: ByteLog, slot: Slot): Bytes {
  return chunkAt(log, getInt(log.rows, slot, Field.chunk));
}

export function startOf({ rows }: ByteLog, slot: Slot): number {
  return getInt(rows, slot, Field.offset) + HEADER;
}

/** Bytes, of the entry that begins there. */
export function lengthFrom({ words }: Bytes, start: number): number {
  return lengthAt(words, start - HEADER);
}

/** Makes room for an entry of so many bytes, with anything in it. The slot need not have a row yet. */
export function allocate(log: ByteLog, slot: Slot, length: number): void {
  const room = roomFor(length);
  log.allocatedIn = chunkFor(log, room);
  const chunk = chunkAt(log, log.allocatedIn);
  log.allocatedAt = chunk.end;
  chunk.end += room;
  log.taken += room;
  setHeader(chunk, log.allocatedAt, slot, length);
}

/** Gives the slot what was allocated last, in place of what it had, if `hadOne`. */
export function claim(log: ByteLog, slot: Slot, hadOne: boolean): void {
  const { rows, allocatedIn, allocatedAt } = log;
  const chunk = chunkAt(log, allocatedIn);
  use(log, chunk, roomFor(lengthAt(chunk.words, allocatedAt)));
  if (hadOne) free(log, slot);
  setInt(rows, slot, Field.chunk, allocatedIn);
  setInt(rows, slot, Field.offset, allocatedAt);
}

/** Gives the slot's entry another length where it is, if that fits; whether it does. */
export function resize(log: ByteLog, slot: Slot, length: number): boolean {
  const chunk = chunkAt(log, getInt(log.rows, slot, Field.chunk));
  const at = getInt(log.rows, slot, Field.offset);
  const room = roomFor(length);
  const spare = roomFor(lengthAt(chunk.words, at)) - room;
  if (spare < 0) return false;
  setHeader(chunk, at, slot, length);
  if (spare > 0) setHeader(chunk, at + room, NOBODY, spare - HEADER);
  use(log, chunk, -spare);
  return true;
}

export function free(log: ByteLog, slot: Slot): void {
  const number = getInt(log.rows, slot, Field.chunk);
  const chunk = chunkAt(log, number);
  use(log, chunk, -roomFor(lengthAt(chunk.words, getInt(log.rows, slot, Field.offset))));
  if (chunk.used > 0) return;
  if (number === log.open) {
    log.taken -= chunk.end;
    chunk.end = 0;
  } else {
    dropChunk(log, number);
  }
}

/** To be called when a session's row has been copied to another slot. */
export function entryMoved(log: ByteLog, to: Slot): void {
  memoryOf(log, to).words[getInt(log.rows, to, Field.offset) >>> 2] = to;
}

/** Empties one buffer where more is left behind than may be. Takes well under a millisecond. */
export function tidy(log: ByteLog): void {
  if (left(log) > Math.max(log.used * MOST_LEFT, log.usualChunk * ALWAYS_LEFT)) empty(log, worst(log));
}

/** Empties the buffer with the most left behind, if that is more than an eighth of it; whether it was. */
export function compact(log: ByteLog): boolean {
  const number = log.chunks.findIndex(
    (chunk) => chunk !== undefined && chunk.end - chunk.used > chunk.bytes.length * MOST_LEFT_IN_CHUNK,
  );
  if (number === NOBODY) return false;
  empty(log, number);
  return true;
}

export function clearLog(log: ByteLog): void {
  Object.assign(log, createByteLog(log.rows, log.usualChunk));
}

function chunkAt(log: ByteLog, number: number): Chunk {
  const chunk = log.chunks[number];
  if (chunk === undefined) throw new RangeError(`There is no chunk ${number}.`);
  return chunk;
}

function addChunk(log: ByteLog, bytes: number): number {
  const chunk = { ...createBytes(bytes), end: 0, used: 0 };
  const number = log.vacant.pop() ?? log.chunks.length;
  log.chunks[number] = chunk;
  log.size += bytes;
  return number;
}

function dropChunk(log: ByteLog, number: number): void {
  const chunk = chunkAt(log, number);
  log.chunks[number] = undefined;
  log.vacant.push(number);
  log.size -= chunk.bytes.length;
  log.used -= chunk.used;
  log.taken -= chunk.end;
  if (number === log.open) log.open = NOBODY;
}

/** The number of a chunk with so much room. */
function chunkFor(log: ByteLog, room: number): number {
  const chunk = log.chunks[log.open];
  if (chunk !== undefined && chunk.bytes.length - chunk.end >= room) return log.open;
  // As large as all the others together, so that a small store takes little.
  const usual = Math.max(Math.min(log.size, log.usualChunk), FIRST_CHUNK) & -8;
  if (room > usual * LARGE) return addChunk(log, room);
  const added = addChunk(log, usual);
  if (chunk?.used === 0) dropChunk(log, log.open);
  log.open = added;
  return added;
}

function use(log: ByteLog, chunk: Chunk, bytes: number): void {
  chunk.used += bytes;
  log.used += bytes;
}

/** Bytes in nobody's use. Not those after the last entry, which are not less when the others have moved. */
function leftIn({ chunks }: ByteLog, number: number): number {
  const chunk = chunks[number];
  return chunk === undefined ? 0 : chunk.end - chunk.used;
}

function left({ taken, used }: ByteLog): number {
  return taken - used;
}

function worst(log: ByteLog): number {
  let most = 0;
  for (let number = 1; number < log.chunks.length; number++) {
    if (leftIn(log, number) > leftIn(log, most)) most = number;
  }
  return most;
}

function empty(log: ByteLog, number: number): void {
  const chunk = chunkAt(log, number);
  if (number === log.open) log.open = NOBODY;
  for (let at = 0; at < chunk.end; ) {
    const slot = chunk.words[at >>> 2] ?? NOBODY;
    const length = lengthAt(chunk.words, at);
    if (isAt(log.rows, slot, number, at)) {
      allocate(log, slot, length);
      const begin = at + HEADER;
      const { bytes } = chunkAt(log, log.allocatedIn);
      chunk.bytes.copy(bytes, log.allocatedAt + HEADER, begin, begin + length);
      claim(log, slot, false);
    }
    at += roomFor(length);
  }
  dropChunk(log, number);
}

function isAt(rows: Rows, slot: Slot, number: number, at: number): boolean {
  if (slot === NOBODY || slot >= rows.length) return false;
  return getInt(rows, slot, Field.chunk) === number && getInt(rows, slot, Field.offset) === at;
}

function roomFor(length: number): number {
  return HEADER + length + (-length & 7);
}

function lengthAt(words: Int32Array, at: number): number {
  return (words[(at >>> 2) + 1] ?? 0) >>> 0;
}

function setHeader({ words }: Bytes, at: number, slot: Slot, length: number): void {
  words[at >>> 2] = slot;
  words[(at >>> 2) + 1] = length;
}
