/** The time limit of one command, from `begin` to `end` of its {@link Deadlines}. */
export interface Deadline {
  readonly onTimeout: () => void;
  isOver: boolean;
  /** By the process's clock, which nobody sets. */
  endsAt: number;
  earlier: Deadline | undefined;
  later: Deadline | undefined;
}

/** Time limits of one length, for any number of commands at once. */
export interface Deadlines {
  /** `onTimeout` is called unless `end` comes first. */
  begin(onTimeout: () => void): Deadline;
  /** May be repeated. */
  end(deadline: Deadline): void;
}

/**
 * What began first ends first, so that one timer, set for that, serves all; there is none while there are none. A timer
 * for each would cost more than what else there is to a command.
 */
export function createDeadlines(milliseconds: number): Deadlines {
  let earliest: Deadline | undefined;
  let latest: Deadline | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function append(deadline: Deadline): void {
    timer ??= setTimeout(expire, milliseconds);
    deadline.endsAt = performance.now() + milliseconds;
    deadline.earlier = latest;
    deadline.later = undefined;
    if (latest === undefined) earliest = deadline;
    else latest.later = deadline;
    latest = deadline;
  }

  function remove(deadline: Deadline): void {
    const { earlier, later } = deadline;
    // Whoever holds on to it, for a call that never ends, is not to hold all those after it.
    deadline.earlier = undefined;
    deadline.later = undefined;
    if (earlier === undefined) earliest = later;
    else earlier.later = later;
    if (later === undefined) latest = earlier;
    else later.earlier = earlier;
    if (earliest !== undefined) return;
    clearTimeout(timer);
    timer = undefined;
  }

  function end(deadline: Deadline): void {
    if (deadline.isOver) return;
    deadline.isOver = true;
    remove(deadline);
  }

  function expire(): void {
    timer = undefined;
    const now = performance.now();
    try {
      for (let due = earliest; due !== undefined && due.endsAt <= now; due = earliest) {
        end(due);
        due.onTimeout();
      }
    } finally {
      // Also where one of them throws: the others pass all the same.
      if (earliest !== undefined) timer ??= setTimeout(expire, Math.max(Math.ceil(earliest.endsAt - now), 0));
    }
  }

  return {
    begin(onTimeout) {
      const deadline: Deadline = {
        onTimeout,
        isOver: false,
        endsAt: 0,
        earlier: undefined,
        later: undefined,
      };
      append(deadline);
      return deadline;
    },
    end,
  };
}
