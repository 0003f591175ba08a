import { expect, test } from "bun:test";
import { type ByteLog, createByteLog } from "./byte-log.ts";
import { createEncodedName, encodeName } from "./encoded-name.ts";
import { createRows } from "./rows.ts";
import { writeEntry } from "./session-entry.ts";
import { ROW_WIDTH } from "./session-row.ts";
import { createUserLists, type UserLists } from "./user-lists.ts";

const secret = Int32Array.of(1, 2);
const key = createEncodedName(secret);
const user = createEncodedName(secret);

function listsOf(users: readonly string[]): { log: ByteLog; lists: UserLists } {
  const log = createByteLog(createRows(ROW_WIDTH));
  const lists = createUserLists(log);
  users.forEach((name, slot) => {
    encodeName(key, `key${slot}`);
    encodeName(user, name);
    writeEntry(log, slot, key, user, { data: "{}", userKey: name, rare: undefined });
    lists.add(slot, user);
  });
  return { log, lists };
}

function list(lists: UserLists, name: string): number[] {
  encodeName(user, name);
  return lists.list(user);
}

test("G8 bounded: the index keeps nothing of users whose sessions are gone", () => {
  const { lists } = listsOf(Array.from({ length: 3000 }, (_, slot) => `user-${slot % 1000}`));
  expect([lists.size, list(lists, "user-7")]).toEqual([1000, [7, 1007, 2007]]);
  for (let slot = 0; slot < 3000; slot++) lists.remove(slot);
  expect([lists.size, list(lists, "user-7")]).toEqual([0, []]);
});

test("the first, one between and the last may go, and the others keep their order", () => {
  for (const gone of [0, 1, 2, 3]) {
    const { lists } = listsOf(["a", "a", "a", "a"]);
    lists.remove(gone);
    expect(list(lists, "a")).toEqual([0, 1, 2, 3].filter((slot) => slot !== gone));
  }
});
