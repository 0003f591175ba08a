import { expect, test } from "bun:test";
import { createShardedMap, SHARDS } from "./sharded-map.ts";

test("G8 bounded: compact makes a part anew where a quarter of its room is free, and not again", () => {
  const map = createShardedMap<number>();
  for (let index = 0; index < 100_000; index++) map.set(`k${index}`, index);
  for (let index = 0; index < 60_000; index++) map.delete(`k${index}`);

  const compactAll = (): number => {
    let madeAnew = 0;
    for (let part = 0; part < SHARDS; part++) {
      const before = map.shard(part);
      map.compact(part);
      if (before.size > 0 && map.shard(part) !== before) madeAnew++;
    }
    return madeAnew;
  };
  expect(compactAll()).toBeGreaterThan(SHARDS / 2);
  expect(compactAll()).toBe(0);
  expect([map.size, map.get("k59999"), map.get("k60000")]).toEqual([40_000, undefined, 60_000]);
});
