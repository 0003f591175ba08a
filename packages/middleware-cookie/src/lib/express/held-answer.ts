import type { ServerResponse } from "node:http";
import type { Awaitable } from "@ventostack/auth-core";
import { sendInstead } from "./send.ts";

/** The calls by which the head of an answer, or more, goes out. */
const names = ["writeHead", "write", "end", "flushHeaders"] as const;
type Name = (typeof names)[number];
type Call = (...args: unknown[]) => unknown;

/** An answer that has something left to do before its head goes out. */
export interface HeldAnswer {
  /** Sends this one in its place, unless its head is out already. */
  replace(answer: Response): void;
}

/**
 * Calls `settle` once, just before the head of the answer goes out. Where that takes time, what the handler sends waits for
 * it, in order; a `Response` that it gives is sent in place of all that. What it throws goes to `onError`, with the answer
 * still to be given.
 */
export function holdAnswer(
  res: ServerResponse,
  settle: () => Awaitable<Response | undefined>,
  onError: (error: unknown) => void,
): HeldAnswer {
  const calls = Object.fromEntries(names.map((name) => [name, res[name].bind(res) as Call])) as Record<
    Name,
    Call
  >;
  let state: "before" | "waiting" | "open" | "replaced" = "before";
  let waiting: (() => void)[] = [];
  let stopped = false;

  /** What is asked of an answer whose head is as good as sent: not to change it. */
  function pretendSent(): void {
    Object.defineProperty(res, "headersSent", { configurable: true, get: () => true });
  }

  function stopPretending(): void {
    Reflect.deleteProperty(res, "headersSent");
  }

  function open(): void {
    state = "open";
    stopPretending();
    for (const call of waiting.splice(0)) call();
    if (stopped && !res.writableEnded) res.emit("drain");
  }

  function replace(answer: Response): void {
    if (state === "open") return;
    state = "replaced";
    waiting = [];
    stopPretending();
    // What is still being piped into the answer has to come to its end.
    if (stopped) res.emit("drain");
    sendInstead(res, answer, calls.end).catch(onError);
  }

  const go = (answer: Response | undefined): void => (answer === undefined ? open() : replace(answer));

  function fail(error: unknown): void {
    state = "open";
    waiting = [];
    stopPretending();
    onError(error);
  }

  function begin(): void {
    state = "waiting";
    try {
      const settled = settle();
      if (settled instanceof Promise) {
        pretendSent();
        settled.then(go).catch(fail);
      } else {
        go(settled);
      }
    } catch (error) {
      fail(error);
    }
  }

  function pass(name: Name, args: unknown[]): unknown {
    if (state === "before") {
      if (name === "writeHead") args = takeHead(res, args);
      begin();
    }
    if (state === "open") return calls[name](...args);
    if (state === "waiting") waiting.push(() => calls[name](...args));
    if (name !== "write") return res;
    stopped ||= state === "waiting";
    return state === "replaced";
  }

  for (const name of names) Object.assign(res, { [name]: (...args: unknown[]) => pass(name, args) });
  return { replace };
}

/** Puts what `writeHead` is given on the answer, where it can still be changed; gives what is left of the arguments. */
function takeHead(res: ServerResponse, [status, ...rest]: unknown[]): unknown[] {
  res.statusCode = Number(status);
  const message = typeof rest[0] === "string" ? [rest.shift()] : [];
  const [given = {}] = rest;
  const pairs = Array.isArray(given) ? inPairs(given.flat()) : Object.entries(given as object);
  for (const [name, value] of pairs) {
    if (value !== undefined) res.setHeader(String(name), value as string | string[]);
  }
  return [status, ...message];
}

function inPairs(list: readonly unknown[]): [unknown, unknown][] {
  return list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1]]] : []));
}
