import type { SessionManager } from "@ventostack/auth-core";
import type { RequestCycle, RequestCycles } from "../request-cycle.ts";

interface Begun {
  readonly cycles: Map<object, Promise<unknown>>;
  readonly commits: Pick<RequestCycle<object>, "commit">[];
  error?: unknown;
}

/**
 * By request, and for all plugins together: of two that are the same to Elysia it keeps some hooks of the one and some of the
 * other.
 */
const requests = new WeakMap<Request, Begun>();

function begunFor(request: Request): Begun {
  const begun = requests.get(request) ?? { cycles: new Map(), commits: [] };
  requests.set(request, begun);
  return begun;
}

/**
 * The manager's cycle of the request, begun where it has not been. What another plugin lets through from other sites, this one
 * may not.
 */
export async function beginOnce<Data extends object>(
  request: Request,
  manager: SessionManager<Data>,
  cycles: RequestCycles<Data>,
): Promise<RequestCycle<Data> | Response> {
  const { cycles: begun, commits } = begunFor(request);
  const earlier = begun.get(manager) as Promise<RequestCycle<Data> | Response> | undefined;
  if (earlier !== undefined) return cycles.refusal(request) ?? earlier;
  const cycle = Promise.resolve(cycles.begin(request)).then((started) => {
    if (!(started instanceof Response)) commits.push(started);
    return started;
  });
  begun.set(manager, cycle);
  return cycle;
}

/** Keeps what a handler threw, for the answer that will stand for it. */
export function noteError(request: Request, error: unknown): void {
  begunFor(request).error = error;
}

/** The answer with the cookies of every session of the request. */
export async function settleAll(request: Request, response: Response): Promise<Response> {
  const { commits, error } = begunFor(request);
  let answer = response;
  for (const cycle of commits.splice(0)) answer = await cycle.commit(answer, error);
  return answer;
}
