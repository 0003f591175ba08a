import type { Awaitable, SessionManager } from "@ventostack/auth-core";
import type { RequestCycle, RequestCycles } from "../request-cycle.ts";

/** One manager's cycle of a request; with those of the managers before it, the last one first. */
interface Begun {
  readonly manager: object;
  /** A promise only for as long as it is one: a hook that does not wait may come after one that has waited. */
  cycle: Awaitable<unknown>;
  /** What the answer has to be committed to, until it has been. */
  open: Pick<RequestCycle<object>, "commit"> | undefined;
  readonly before: Begun | undefined;
}

const BEGUN = Symbol("sessions");
const ERROR = Symbol("error");

/**
 * On the request itself: a `WeakMap` takes ten times as long. And for all plugins together: of two that are the same to Elysia
 * it keeps some hooks of the one and some of the other.
 */
type Carrier = Request & { [BEGUN]?: Begun | undefined; [ERROR]?: unknown };

/**
 * The manager's cycle of the request, begun where it has not been. What another plugin lets through from other sites, this one
 * may not.
 */
export function beginOnce<Data extends object>(
  request: Carrier,
  manager: SessionManager<Data>,
  cycles: RequestCycles<Data>,
): Awaitable<RequestCycle<Data> | Response> {
  const before = request[BEGUN];
  for (let earlier = before; earlier !== undefined; earlier = earlier.before) {
    if (earlier.manager !== manager) continue;
    return cycles.refusal(request) ?? (earlier.cycle as Awaitable<RequestCycle<Data> | Response>);
  }
  const cycle = cycles.begin(request);
  const begun: Begun = { manager, cycle, open: undefined, before };
  request[BEGUN] = begun;
  const open = (started: RequestCycle<Data> | Response): RequestCycle<Data> | Response => {
    begun.cycle = started;
    if (!(started instanceof Response)) begun.open = started;
    return started;
  };
  return cycle instanceof Promise ? cycle.then(open) : open(cycle);
}

/** Keeps what a handler threw, for the answer that will stand for it. */
export function noteError(request: Carrier, error: unknown): void {
  request[ERROR] = error;
}

/** The answer with the cookies of every session of the request. */
export function settleAll(request: Carrier, response: Response): Awaitable<Response> {
  const { [BEGUN]: begun, [ERROR]: error } = request;
  // Handled once more, the request begins anew.
  request[BEGUN] = undefined;
  request[ERROR] = undefined;
  return settleFrom(begun, response, error);
}

/** In the order in which they were begun. */
function settleFrom(begun: Begun | undefined, response: Response, error: unknown): Awaitable<Response> {
  if (begun === undefined) return response;
  const { open, before } = begun;
  begun.open = undefined;
  const earlier = before === undefined ? response : settleFrom(before, response, error);
  if (open === undefined) return earlier;
  return earlier instanceof Promise
    ? earlier.then((answer) => open.commit(answer, error))
    : open.commit(earlier, error);
}
