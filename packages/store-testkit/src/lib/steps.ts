import { createDeferred } from "./deferred.ts";

/** The trips of one client, which a case can hold and let fail. */
export interface Steps {
  readonly step: () => Promise<void>;
  /** Trips so far. */
  readonly count: number;
  /** Holds the trip that comes after this many others from now. One trip at a time can be held or fail. */
  holdAfter(trips: number): HeldStep;
  /** Lets that trip fail, and with `lasting` all that follow it, until `end`. */
  failAfter(trips: number, lasting?: "lasting"): FailingStep;
}

export interface HeldStep {
  readonly reached: Promise<void>;
  readonly isReached: boolean;
  /** Lets the trip go on. If none has been held so far, none will be. */
  release(): void;
}

export interface FailingStep {
  readonly isReached: boolean;
  end(): void;
}

/** What a trip fails with; a case tells by it that the store let the fault through. */
export const FAULT = "The conformance kit let this trip to the data fail.";

export function createSteps(): Steps {
  let count = 0;
  let act: ((trip: number) => Promise<void> | undefined) | undefined;

  return {
    get count() {
      return count;
    },

    async step() {
      count += 1;
      await act?.(count);
    },

    holdAfter(trips) {
      const at = count + trips + 1;
      const reached = createDeferred();
      const released = createDeferred();
      let isReached = false;
      act = (trip) => {
        if (trip !== at) return undefined;
        isReached = true;
        reached.resolve();
        return released.promise;
      };
      return {
        reached: reached.promise,
        get isReached() {
          return isReached;
        },
        release() {
          act = undefined;
          released.resolve();
        },
      };
    },

    failAfter(trips, lasting) {
      const at = count + trips + 1;
      let isReached = false;
      act = async (trip) => {
        if (lasting === undefined ? trip !== at : trip < at) return;
        isReached = true;
        throw new Error(FAULT);
      };
      return {
        get isReached() {
          return isReached;
        },
        end() {
          act = undefined;
        },
      };
    },
  };
}
