import type { ByteLog } from "./byte-log.ts";
import type { EncodedName } from "./encoded-name.ts";
import {
  addToIndex,
  clearIndex,
  createHashIndex,
  firstWith,
  nextWith,
  removeFromIndex,
  replaceInIndex,
} from "./hash-index.ts";
import { getInt, setInt } from "./rows.ts";
import { hasUser } from "./session-names.ts";
import { Field, NONE, type Slot } from "./session-row.ts";

/** The sessions of each user, as a ring through their rows in the order in which they joined. */
export interface UserLists {
  /** Adds the slot as the user's last one. */
  add(slot: Slot, user: EncodedName): void;
  /** Notes that the slot belongs to no user. */
  addAlone(slot: Slot): void;
  /** Takes the slot out of its user's list, if it is in one. */
  remove(slot: Slot): void;
  /** To be called when the row of one slot has been copied to another. */
  moved(from: Slot, to: Slot): void;
  list(user: EncodedName): Slot[];
  clear(): void;
  /** Users who have a session. */
  readonly size: number;
}

const { joinedBefore, joinedAfter } = Field;

export function createUserLists(log: ByteLog): UserLists {
  const { rows } = log;
  /** Of each user the slot that joined first. */
  const firsts = createHashIndex(rows, Field.userHash, Field.userNext);

  function firstOf(user: EncodedName): Slot {
    let slot = firstWith(firsts, user.hash);
    while (slot !== NONE && !hasUser(log, slot, user)) slot = nextWith(firsts, slot, user.hash);
    return slot;
  }

  function join(before: Slot, after: Slot): void {
    setInt(rows, before, joinedAfter, after);
    setInt(rows, after, joinedBefore, before);
  }

  return {
    add(slot, user) {
      const first = firstOf(user);
      setInt(rows, slot, Field.userHash, user.hash);
      if (first === NONE) {
        join(slot, slot);
        addToIndex(firsts, slot);
      } else {
        join(getInt(rows, first, joinedBefore), slot);
        join(slot, first);
      }
    },

    addAlone(slot) {
      setInt(rows, slot, joinedAfter, NONE);
    },

    remove(slot) {
      const after = getInt(rows, slot, joinedAfter);
      if (after === NONE) return;
      if (after === slot) return removeFromIndex(firsts, slot);
      join(getInt(rows, slot, joinedBefore), after);
      replaceInIndex(firsts, slot, after);
    },

    moved(from, to) {
      const after = getInt(rows, from, joinedAfter);
      if (after === NONE) return;
      if (after === from) {
        join(to, to);
      } else {
        join(getInt(rows, from, joinedBefore), to);
        join(to, after);
      }
      replaceInIndex(firsts, from, to);
    },

    list(user) {
      const first = firstOf(user);
      const slots: Slot[] = [];
      if (first === NONE) return slots;
      let slot = first;
      do {
        slots.push(slot);
        slot = getInt(rows, slot, joinedAfter);
      } while (slot !== first);
      return slots;
    },

    clear: () => clearIndex(firsts),

    get size() {
      return firsts.count;
    },
  };
}
