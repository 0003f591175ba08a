/** One call as its caller saw it: between `calledAt` and `returnedAt`, by one count for all clients, it did its work. */
export interface Call<Operation> {
  readonly client: number;
  readonly calledAt: number;
  readonly returnedAt: number;
  /** What was asked, and what was answered. */
  readonly operation: Operation;
}

/** What may happen, as simply as it can be said: calls that take effect at a moment each, or at several. */
export interface Specification<State, Operation> {
  readonly initial: State;
  /** As soon as the call has been made. `call` tells it from others of its kind. */
  begin?(state: State, operation: Operation, call: number): State;
  /** Every way in which the call can go on now that agrees with its answer; `done` where that is its end. */
  steps(state: State, operation: Operation, call: number): Iterable<Step<State>>;
  /** The same for states from which the same can follow. */
  keyOf(state: State): string;
}

export interface Step<State> {
  readonly state: State;
  readonly done: boolean;
}

/**
 * Whether the calls can have happened in some order that agrees with every answer and in which none begins before
 * one that had returned when it was made. Tries the orders depth first and comes to no situation twice (Wing and Gong,
 * "Testing and verifying concurrent objects", 1993; Lowe's memory of what was tried).
 */
export function isLinearizable<State, Operation>(
  history: readonly Call<Operation>[],
  specification: Specification<State, Operation>,
): boolean {
  const tried = new Set<string>();
  const isDone = history.map(() => false);
  const hasBegun = history.map(() => false);

  function mayGoOn(index: number): boolean {
    const call = history[index];
    return (
      call !== undefined &&
      !isDone[index] &&
      history.every((other, at) => isDone[at] || other.returnedAt > call.calledAt)
    );
  }

  function explore(from: State, left: number): boolean {
    if (left === 0) return true;
    const able = [...history.keys()].filter(mayGoOn);
    const begun = able.filter((index) => !hasBegun[index]);
    let state = from;
    for (const index of begun) {
      const call = history[index];
      hasBegun[index] = true;
      if (call !== undefined) state = specification.begin?.(state, call.operation, index) ?? state;
    }
    const found = exploreSteps(state, able, left);
    for (const index of begun) hasBegun[index] = false;
    return found;
  }

  function exploreSteps(state: State, able: readonly number[], left: number): boolean {
    const situation = `${isDone.map(Number).join("")} ${specification.keyOf(state)}`;
    if (tried.has(situation)) return false;
    tried.add(situation);
    for (const index of able) {
      const call = history[index];
      if (call === undefined) continue;
      for (const step of specification.steps(state, call.operation, index)) {
        isDone[index] = step.done;
        if (explore(step.state, step.done ? left - 1 : left)) return true;
        isDone[index] = false;
      }
    }
    return false;
  }

  return explore(specification.initial, history.length);
}
