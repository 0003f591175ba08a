/**
 * Rows of numbers, one after the other in typed arrays of a limited size: adding a row never moves the others, and the
 * garbage collector has nothing in them to visit.
 *
 * This and what is built on it are data and functions, not objects with methods. Functions that are there once, whatever
 * the number of rows and stores, are inlined where they are called, which takes a third of the time.
 */
export interface Rows {
  /** Words of 32 bits. */
  readonly width: number;
  chunks: Chunk[];
  /** Rows that there is room for. */
  capacity: number;
  length: number;
}

interface Chunk {
  readonly ints: Int32Array;
  readonly floats: Float64Array;
}

const SHIFT = 12;
const CHUNK_ROWS: number = 2 ** SHIFT;
const MASK: number = CHUNK_ROWS - 1;

/** The first chunk begins as small as this, and doubles, so that a small store takes little. */
const FIRST_ROWS = 16;

export function createRows(width: number): Rows {
  return { width, chunks: [], capacity: 0, length: 0 };
}

function chunkOf(rows: Rows, row: number): Chunk {
  const chunk = rows.chunks[row >>> SHIFT];
  if (chunk === undefined) throw new RangeError(`There is no row ${row}.`);
  return chunk;
}

export function getInt(rows: Rows, row: number, word: number): number {
  return chunkOf(rows, row).ints[(row & MASK) * rows.width + word] ?? 0;
}

export function setInt(rows: Rows, row: number, word: number, value: number): void {
  chunkOf(rows, row).ints[(row & MASK) * rows.width + word] = value;
}

/** A number of 64 bits takes two words, of which `word` is the first: an even one, in rows of an even width. */
export function getFloat(rows: Rows, row: number, word: number): number {
  return chunkOf(rows, row).floats[((row & MASK) * rows.width + word) >>> 1] ?? 0;
}

export function setFloat(rows: Rows, row: number, word: number, value: number): void {
  chunkOf(rows, row).floats[((row & MASK) * rows.width + word) >>> 1] = value;
}

export function copyRow(rows: Rows, from: number, to: number): void {
  for (let word = 0; word < rows.width; word++) setInt(rows, to, word, getInt(rows, from, word));
}

/** Adds a row at the end, with anything in it, and gives its number. */
export function pushRow(rows: Rows): number {
  if (rows.length === rows.capacity) grow(rows);
  return rows.length++;
}

/** Removes the last one. */
export function popRow(rows: Rows): void {
  rows.length--;
  // One chunk stays in hand, so that a number that goes up and down at an edge allocates nothing.
  if (rows.capacity - rows.length < 2 * CHUNK_ROWS) return;
  rows.chunks.pop();
  rows.capacity -= CHUNK_ROWS;
}

export function clearRows(rows: Rows): void {
  rows.chunks = [];
  rows.capacity = 0;
  rows.length = 0;
}

function grow(rows: Rows): void {
  const { chunks, width, capacity } = rows;
  const [first] = chunks;
  if (first !== undefined && capacity < CHUNK_ROWS) {
    const larger = createChunk(capacity * 2 * width);
    larger.ints.set(first.ints);
    chunks[0] = larger;
    rows.capacity *= 2;
    return;
  }
  const added = first === undefined ? FIRST_ROWS : CHUNK_ROWS;
  chunks.push(createChunk(added * width));
  rows.capacity += added;
}

/** An even number of words. */
function createChunk(words: number): Chunk {
  const ints = new Int32Array(words);
  return { ints, floats: new Float64Array(ints.buffer) };
}
