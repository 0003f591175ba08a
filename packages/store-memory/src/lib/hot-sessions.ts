import type { SessionText } from "./session-entry.ts";
import type { Slot } from "./session-row.ts";

/** A session as it was read. It is what the store still holds as long as the slot's row has that stamp. */
export interface HotSession {
  readonly slot: Slot;
  readonly stamp: number;
  readonly text: SessionText;
}

/**
 * Some sessions that were read lately, as strings: to find a session by its bytes and to make strings of them takes half as
 * long as to parse its JSON. Their number has a limit, so that there is little to visit for the garbage collector.
 */
export interface HotSessions {
  get(key: string): HotSession | undefined;
  /** Keeps it, or does not. */
  offer(key: string, session: HotSession): void;
  clear(): void;
}

/** Sessions of a generation. When it is full, the one before goes as a whole. */
const GENERATION = 2048;

/** Where more are read in turn than are kept, one of so many is: to keep all would cost more than it brings. */
const ONE_OF = 8;

export function createHotSessions(): HotSessions {
  let recent = new Map<string, HotSession>();
  let older = new Map<string, HotSession>();
  let offered = 0;
  let hits = 0;
  /** Whether the last generation was asked for less often than it has sessions. */
  let isInVain = false;

  function keep(key: string, session: HotSession): void {
    if (recent.size >= GENERATION) {
      older = recent;
      recent = new Map();
      isInVain = hits < GENERATION;
      hits = 0;
    }
    recent.set(key, session);
  }

  return {
    get(key) {
      const session = recent.get(key);
      if (session !== undefined) hits++;
      if (session !== undefined || older.size === 0) return session;
      const before = older.get(key);
      if (before === undefined) return undefined;
      hits++;
      keep(key, before);
      return before;
    },

    offer(key, session) {
      if (!isInVain || offered++ % ONE_OF === 0) keep(key, session);
    },

    clear() {
      recent = new Map();
      older = new Map();
    },
  };
}
