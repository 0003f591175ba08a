import { describe, expect, test } from "bun:test";
import {
  allocate,
  type ByteLog,
  claim,
  compact,
  createByteLog,
  free,
  lengthFrom,
  memoryOf,
  resize,
  startOf,
  tidy,
} from "./byte-log.ts";
import { createRows, pushRow } from "./rows.ts";
import { ROW_WIDTH, type Slot } from "./session-row.ts";

const CHUNK = 4096;

function logOf(count: number, length: number): ByteLog {
  const log = createByteLog(createRows(ROW_WIDTH), CHUNK);
  for (let slot = 0; slot < count; slot++) write(log, slot, length);
  return log;
}

/** An entry that can be told from others: its slot, again and again. */
function write(log: ByteLog, slot: Slot, length: number): void {
  const isNew = slot === log.rows.length;
  if (isNew || !resize(log, slot, length)) {
    allocate(log, slot, length);
    if (isNew) pushRow(log.rows);
    claim(log, slot, !isNew);
  }
  const start = startOf(log, slot);
  memoryOf(log, slot).bytes.fill(slot & 255, start, start + length);
}

function read(log: ByteLog, slot: Slot): { length: number; isWhole: boolean } {
  const memory = memoryOf(log, slot);
  const start = startOf(log, slot);
  const length = lengthFrom(memory, start);
  return {
    length,
    isWhole: memory.bytes.subarray(start, start + length).every((byte) => byte === (slot & 255)),
  };
}

const allocatedBytes = (log: ByteLog): number =>
  log.chunks.reduce((sum, chunk) => sum + (chunk?.bytes.length ?? 0), 0);

describe("G8 bounded: what entries leave behind", () => {
  test("stays within a fifth of what is in use, however often they are written longer", () => {
    const log = logOf(1000, 100);
    for (let round = 1; round <= 20; round++) {
      for (let turn = 0; turn < 1000; turn++) {
        // Not in the order in which they lie there, in which their chunks would be given up by themselves.
        write(log, (turn * 7) % 1000, 100 + round * 8);
        tidy(log);
        expect(allocatedBytes(log)).toBeLessThan(log.used * 1.25 + 3 * CHUNK);
      }
    }
    for (let slot = 0; slot < 1000; slot++) expect(read(log, slot)).toEqual({ length: 260, isWhole: true });
  });

  test("is less than an eighth of each chunk after compact, which ends", () => {
    const log = logOf(1000, 100);
    for (let slot = 0; slot < 1000; slot++) if (slot % 3 !== 0) free(log, slot);
    // Not in use any more, whatever their rows say.
    for (let slot = 0; slot < 1000; slot++) if (slot % 3 !== 0) allocateElsewhere(log, slot);
    let emptied = 0;
    while (compact(log)) emptied++;
    expect(emptied).toBeGreaterThan(10);
    expect(allocatedBytes(log)).toBeLessThan((log.used * 8) / 7 + 2 * CHUNK);
    for (let slot = 0; slot < 1000; slot += 3)
      expect(read(log, slot)).toEqual({ length: 100, isWhole: true });
  });

  test("is given back where all is in the chunk that is added to", () => {
    const log = logOf(3, 20);
    for (let round = 1; round <= 100; round++) {
      write(log, 1, round % 2 === 0 ? 100 : 200);
      write(log, 2, 20);
      tidy(log);
      expect(read(log, 0)).toEqual({ length: 20, isWhole: true });
      expect(read(log, 1).isWhole).toBe(true);
      expect(allocatedBytes(log)).toBeLessThanOrEqual(2048);
    }
  });

  test.each([300, 400, 450, 500, 600, 700, 900, 1100, 1500])(
    "compact ends, however entries of %d bytes leave the ends of chunks empty",
    (length) => {
      const log = logOf(200, length);
      for (let slot = 199; slot > 0; slot -= 3) write(log, slot, slot % 2 === 0 ? 40 : length + 8);
      let emptied = 0;
      while (compact(log)) if (++emptied > 200) throw new Error("It does not end.");
      for (const chunk of log.chunks) {
        if (chunk !== undefined) expect(chunk.end - chunk.used).toBeLessThanOrEqual(chunk.bytes.length / 8);
      }
      for (let slot = 0; slot < 200; slot++) expect(read(log, slot).isWhole).toBe(true);
    },
  );

  test("is no list of chunks that grows for ever", () => {
    const log = logOf(8, 2000);
    for (let round = 0; round < 500; round++) write(log, round % 8, 2000 + (round % 50) * 8);
    expect(log.chunks.length).toBeLessThan(20);
  });

  test("goes at once where nothing in the chunk is in use any more", () => {
    const log = logOf(1, 1_000_000);
    const before = allocatedBytes(log);
    for (let round = 1; round <= 10; round++) write(log, 0, 1_000_000 + round * 1000);
    expect(allocatedBytes(log)).toBeLessThan(before * 1.1);
    free(log, 0);
    expect([allocatedBytes(log), log.size, log.used]).toEqual([0, 0, 0]);
  });
});

/** As the table does: a row that is gone has another one's place. */
function allocateElsewhere(log: ByteLog, slot: Slot): void {
  allocate(log, slot, 0);
  claim(log, slot, false);
}

test("an entry that gets shorter stays where it is, and longer again only within what it had", () => {
  const log = logOf(3, 100);
  const at = startOf(log, 1);
  write(log, 1, 20);
  expect([startOf(log, 1), read(log, 1)]).toEqual([at, { length: 20, isWhole: true }]);
  write(log, 1, 24);
  expect(startOf(log, 1)).toBe(at);
  write(log, 1, 25);
  expect(startOf(log, 1)).not.toBe(at);
  for (const slot of [0, 2]) expect(read(log, slot)).toEqual({ length: 100, isWhole: true });
});

test("a small store takes little, and a large entry a chunk of its own", () => {
  expect(allocatedBytes(logOf(1, 100))).toBe(1024);
  const log = logOf(100, 100);
  write(log, 5, 2000);
  expect(memoryOf(log, 5).bytes.length).toBe(2008);
  expect(log.size).toBe(allocatedBytes(log));
});
