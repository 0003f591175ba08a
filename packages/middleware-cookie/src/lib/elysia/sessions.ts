import { hash } from "node:crypto";
import type { Awaitable, SessionManager } from "@ventostack/auth-core";
import { Elysia, type status as elysiaStatus } from "elysia";
import { type PluginOptions, splitOptions } from "../plugin-options.ts";
import { createRequestCycles } from "../request-cycle.ts";
import type { RequestSession } from "../request-session.ts";
import { beginOnce, noteError, settleAll } from "./begun.ts";

/** Elysia runs a plugin once however often it is used, and knows it again by its name and this. */
const seeds = new WeakMap<object, number>();
let lastSeed = 0;

/** Of secrets that sign the cookie it shows nothing: Elysia keeps it where an app that is printed has it, too. */
function seedOf(manager: object, options: object): string {
  const seed = seeds.get(manager) ?? ++lastSeed;
  seeds.set(manager, seed);
  return hash("sha256", JSON.stringify({ manager: seed, ...options }));
}

/**
 * Sessions for Elysia: `new Elysia().use(sessions(manager))`, and `session` in the context of the routes that follow. Every
 * instance whose routes need it uses the plugin; it runs once for a request all the same. The session is loaded before
 * validation, and its cookie settled with the answer, whatever that answers; while the store is down the answer is 503, and
 * the cookie is left alone.
 *
 * Throws `INVALID_OPTION` on attributes that a browser would refuse.
 */
export function sessions<Data extends object, const Name extends string = "session">(
  manager: SessionManager<Data>,
  options: PluginOptions<Name, Data> = {},
) {
  const { name, options: cycleOptions } = splitOptions(options);
  const cycles = createRequestCycles(manager, cycleOptions);

  interface Derived {
    readonly request: Request;
    readonly status: typeof elysiaStatus;
  }

  type Added = Record<Name, RequestSession<Data>>;
  const refuse = (answer: Response, status: Derived["status"]) =>
    // Elysia sends a response as it is. What the client's types are to know is what it says.
    status(answer.status as 503, answer as unknown as { error: string });

  const later = async ({ request, status }: Derived) => {
    const cycle = await beginOnce(request, manager, cycles);
    return cycle instanceof Response ? refuse(cycle, status) : ({ [name]: cycle.session } as Added);
  };

  /** Elysia tells from a hook's text whether to wait for it: by `async`, or by a call whose result is returned. */
  const atOnce = ({ request, status }: Derived) => {
    const cycle = atHand(beginOnce(request, manager, cycles));
    let context: ReturnType<typeof refuse> | Added;
    if (cycle instanceof Response) context = refuse(cycle, status);
    else context = { [name]: cycle.session } as Added;
    return context;
  };

  return (
    new Elysia({
      name: "@ventostack/middleware-cookie/elysia",
      seed: seedOf(manager, options),
    })
      .derive({ as: "scoped" }, cycles.beginsAtOnce ? atOnce : later)
      .onError({ as: "scoped" }, ({ request, error }) => noteError(request as Request, error))
      // Around everything else, because no hook sees every answer once: that to an error passes `mapResponse` several times,
      // or not at all.
      .wrap((handle) => settling(handle as unknown as Handle) as unknown as ReturnType<typeof handle>)
  );
}

/** What was begun, where it is there. A promise is the store's mistake, and is not to be taken for a request without a session. */
function atHand<Value>(begun: Awaitable<Value>): Value {
  if (!(begun instanceof Promise)) return begun;
  begun.catch(() => undefined);
  throw new Error(
    "The session store's load says that it answers at once (atOnce), and gave a promise: correct the store.",
  );
}

type Handle = (request: Request) => Response | Promise<Response>;

const settling =
  (handle: Handle): Handle =>
  (request) => {
    const response = handle(request);
    return response instanceof Response
      ? settleAll(request, response)
      : Promise.resolve(response).then((answer) => settleAll(request, answer));
  };
