/** Something that connects, made anew for as long as it takes whenever it was lost. */
export interface Lasting<Connected> {
  /**
   * What is connected now, or the promise of it. In an outage that has lasted for the grace period it rejects with what
   * the next attempt meets: who comes then would wait in vain, and many would wait at once.
   */
  current(): Connected | Promise<Connected>;
  /** Gives up what is connected, if it is this one, and begins anew. */
  lose(lost?: Connected, reason?: unknown): void;
  /** Who waits is rejected at once. */
  close(): void;
  /** What keeps it from connecting; `undefined` while it is connected. */
  readonly lastError: unknown;
}

export interface LastingOptions<Connected> {
  /** One attempt. */
  connect(): Promise<Connected>;
  discard(connected: Connected): void;
  /** Milliseconds without a connection during which callers wait for one. */
  readonly grace: number;
}

/** Milliseconds between two attempts: at least, and at most where nobody asks. */
const SHORTEST_PAUSE = 25;
const LONGEST_PAUSE = 1000;

export function createLasting<Connected>(options: LastingOptions<Connected>): Lasting<Connected> {
  let connected: Connected | undefined;
  let isConnecting = false;
  let downSince = 0;
  let lastError: unknown;
  let closed = false;
  /** For those who wait until an attempt succeeds. */
  let success = deferred<Connected>();
  /** For those who came too late for that, before the attempt under way began, and after. */
  let attemptUnderWay = deferred<Connected>();
  let nextAttempt = deferred<Connected>();
  let isAsked = false;
  let endPause = (): void => {};

  function settleAll(settle: (waiting: PromiseWithResolvers<Connected>) => void): void {
    const all = [success, attemptUnderWay, nextAttempt];
    success = deferred();
    nextAttempt = deferred();
    all.forEach(settle);
  }

  async function connectAtLast(): Promise<void> {
    for (let longest = SHORTEST_PAUSE; !closed; longest = Math.min(longest * 2, LONGEST_PAUSE)) {
      attemptUnderWay = nextAttempt;
      nextAttempt = deferred();
      isAsked = false;
      try {
        const made = await options.connect();
        if (closed) options.discard(made);
        else succeed(made);
        return;
      } catch (error) {
        lastError = error;
        attemptUnderWay.reject(error);
      }
      await pause(SHORTEST_PAUSE);
      // Many processes lose their server at the same moment, and must not all come back at the same moment.
      if (!isAsked) await Promise.race([pause(longest * Math.random()), asked()]);
    }
  }

  function succeed(made: Connected): void {
    connected = made;
    isConnecting = false;
    lastError = undefined;
    settleAll(({ resolve }) => resolve(made));
  }

  const asked = (): Promise<void> =>
    new Promise((resolve) => {
      endPause = resolve;
    });

  function begin(): void {
    if (isConnecting) return;
    isConnecting = true;
    downSince = performance.now();
    quiet(connectAtLast());
  }

  return {
    current() {
      if (connected !== undefined) return connected;
      if (closed) return Promise.reject(closedError());
      begin();
      if (performance.now() - downSince < options.grace) return success.promise;
      isAsked = true;
      endPause();
      return nextAttempt.promise;
    },
    lose(lost = connected, reason) {
      if (connected === undefined || lost !== connected) return;
      connected = undefined;
      if (reason !== undefined) lastError = reason;
      if (!closed) begin();
      options.discard(lost);
    },
    close() {
      closed = true;
      endPause();
      this.lose();
      settleAll(({ reject }) => reject(closedError()));
    },
    get lastError() {
      return lastError;
    },
  };
}

function closedError(): Error {
  return new Error("The Redis client has been closed.");
}

function deferred<Value>(): PromiseWithResolvers<Value> {
  const made = Promise.withResolvers<Value>();
  quiet(made.promise);
  return made;
}

/** Those who wait for the promise learn of its failure; where nobody waits it is nobody's business. */
function quiet(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

/** A pause that does not keep the process alive. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
