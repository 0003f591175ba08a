import { clearRows, createRows, getInt, popRow, pushRow, setInt } from "./rows.ts";
import { NONE, type Slot } from "./session-row.ts";

/** Slots in the order in which they were last used. Every call takes the same time, however many there are. */
export interface RecencyList {
  /** Adds the slot after the last one, as the one used last. */
  add(slot: Slot): void;
  /** Makes it the one used last. */
  use(slot: Slot): void;
  /** Takes it out, and puts the last slot in its place. */
  remove(slot: Slot): void;
  clear(): void;
  /** The one whose last use is the longest ago, or `NONE`. */
  readonly oldest: Slot;
}

const OLDER = 0;
const NEWER = 1;
const WIDTH = 2;

export function createRecencyList(): RecencyList {
  const rows = createRows(WIDTH);
  let oldest = NONE;
  let newest = NONE;

  /** `NONE` is the end on either side. */
  function join(older: Slot, newer: Slot): void {
    if (older === NONE) oldest = newer;
    else setInt(rows, older, NEWER, newer);
    if (newer === NONE) newest = older;
    else setInt(rows, newer, OLDER, older);
  }

  function take(slot: Slot): void {
    join(getInt(rows, slot, OLDER), getInt(rows, slot, NEWER));
  }

  function append(slot: Slot): void {
    join(newest, slot);
    join(slot, NONE);
  }

  return {
    add(slot) {
      pushRow(rows);
      append(slot);
    },

    use(slot) {
      if (slot === newest) return;
      take(slot);
      append(slot);
    },

    remove(slot) {
      take(slot);
      const last = rows.length - 1;
      if (slot !== last) {
        const newer = getInt(rows, last, NEWER);
        join(getInt(rows, last, OLDER), slot);
        join(slot, newer);
      }
      popRow(rows);
    },

    clear() {
      clearRows(rows);
      oldest = NONE;
      newest = NONE;
    },

    get oldest() {
      return oldest;
    },
  };
}
