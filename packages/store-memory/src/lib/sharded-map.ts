/**
 * A map in parts. One large `Map` holds the process up for as long as it takes to move a million entries whenever it
 * grows, and does not shrink until seven eighths of it are gone; a part is a thousandth of that.
 */
export interface ShardedMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): boolean;
  /** The entries of one part. They may be removed meanwhile. */
  shard(index: number): ReadonlyMap<string, Value>;
  /** Gives back the room of removed entries in one part, where that is worth the work. */
  compact(index: number): void;
  clear(): void;
  readonly size: number;
}

const BITS = 10;
const SHIFT = 32 - BITS;

/** Of a million entries a thousand are in each part: well under a millisecond's work. */
export const SHARDS: number = 2 ** BITS;

export function createShardedMap<Value>(): ShardedMap<Value> {
  const shards = Array.from({ length: SHARDS }, () => new Map<string, Value>());
  /** By part: entries that there was room for when it was last compact. */
  const roomFor = new Uint32Array(SHARDS);
  let size = 0;

  return {
    get: (key) => shards[shardOf(key)]?.get(key),

    set(key, value) {
      const index = shardOf(key);
      const shard = shards[index];
      if (shard === undefined) return;
      const before = shard.size;
      shard.set(key, value);
      size += shard.size - before;
      if (shard.size > (roomFor[index] ?? 0)) roomFor[index] = shard.size;
    },

    delete(key) {
      const deleted = shards[shardOf(key)]?.delete(key) === true;
      if (deleted) size--;
      return deleted;
    },

    shard: (index) => shards[index] ?? new Map(),

    compact(index) {
      const shard = shards[index];
      if (shard === undefined || shard.size > (roomFor[index] ?? 0) * 0.75) return;
      shards[index] = new Map(shard);
      roomFor[index] = shard.size;
    },

    clear() {
      for (const shard of shards) shard.clear();
      size = 0;
    },

    get size() {
      return size;
    },
  };
}

/** How much of a key's end counts: enough to tell hashes and numbered users apart, little enough to cost nothing. */
const COUNTED = 8;

/** FNV-1a of the key's end. Keys that all end alike share a part, and lose nothing but the speed. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = Math.max(key.length - COUNTED, 0); index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  // The upper bits: the lowest ones depend on the lowest ones of the characters alone.
  return hash >>> SHIFT;
}
