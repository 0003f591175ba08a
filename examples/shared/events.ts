import { setTimeout } from "node:timers/promises";
import { parseCookie, SessionError, type SessionManager } from "@ventostack/auth";
import { errors } from "./app.ts";
import { listed } from "./listed.ts";

/** Milliseconds. Not a constant, so that tests need not wait as long as people do not mind to. */
export const pace = {
  /** Between two looks at the store: how late a page may learn of what happened elsewhere. */
  look: 1000,
  /** Less than the 10 s after which Bun.serve closes a connection on which nothing moves. */
  signOfLife: 5000,
  /** Then the stream ends, and the browser connects again with the cookie that it has by then. */
  lifetime: 15 * 60_000,
};

/** A user's streams in one process. Each costs a look per second; a browser opens few to one server. */
const MOST_PER_USER = 20;

const openStreams = new Map<string, number>();

/** How many streams this process is sending. */
export function countEventStreams(): number {
  return [...openStreams.values()].reduce((sum, count) => sum + count, 0);
}

const ending = new AbortController();

/** Ends the streams, for a server that waits for its answers to end before it stops. */
export function endEventStreams(): void {
  ending.abort();
}

interface Watched {
  readonly userId: string;
  readonly handle: string;
}

type Lists = Pick<SessionManager<{ userId: string }>, "listByUser">;

/**
 * Answers GET /auth/events: server-sent events about the sessions of the user who asks. `sessions` is the list as
 * GET /auth/sessions has it, at once and after each change, `unavailable` says that the store gives no answer, and
 * `ended` that the own session is over, which is the last one.
 *
 * Not for the session middleware: watching is not using. It neither extends the session nor renews the cookie.
 */
export async function answerEvents<Data extends { userId: string }>(
  manager: SessionManager<Data>,
  method: string,
  cookies: string | null | undefined,
): Promise<Response> {
  const headers = { Vary: "Cookie", "Cache-Control": "no-store" };
  const id = parseCookie(cookies)[manager.options.cookieName];
  try {
    const session = id === undefined ? null : await manager.get(id);
    if (session === null) return Response.json(errors.notSignedIn, { status: 401, headers });
    const watched = { userId: session.data.userId, handle: manager.handleOf(session.id) };
    if ((openStreams.get(watched.userId) ?? 0) >= MOST_PER_USER) {
      return Response.json(errors.tooMany, { status: 429, headers: { ...headers, "Retry-After": "30" } });
    }
    return new Response(method === "HEAD" ? null : streamOf(manager, watched), {
      // The last one keeps nginx from holding events back.
      headers: { ...headers, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" },
    });
  } catch (error) {
    if (!isStoreFailure(error)) throw error;
    return Response.json(errors.unavailable, { status: 503, headers: { ...headers, "Retry-After": "5" } });
  }
}

/** Nothing is looked at before somebody reads, or while a slow reader has not taken the event before. */
function streamOf(manager: Lists, watched: Watched): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const events = watch(manager, watched, AbortSignal.any([gone.signal, ending.signal]));
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        gone.abort();
        await events.return();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* watch(manager: Lists, watched: Watched, signal: AbortSignal): AsyncGenerator<string, void> {
  const { userId } = watched;
  const others = openStreams.get(userId) ?? 0;
  // Counted here and not when it was answered: an answer that nobody reads never comes to its end.
  if (others >= MOST_PER_USER) return;
  openStreams.set(userId, others + 1);
  try {
    let last = "";
    let silent = 0;
    for (let age = 0; age < pace.lifetime && !signal.aborted; age += pace.look) {
      const event = await look(manager, watched);
      if (event !== last || silent >= pace.signOfLife) {
        // A line that begins with a colon is a comment: it says that the connection lives.
        yield event === last ? ":\n\n" : event;
        silent = 0;
      }
      if (event === ENDED) return;
      last = event;
      silent += pace.look;
      await pause(pace.look, signal);
    }
  } finally {
    const left = (openStreams.get(userId) ?? 1) - 1;
    if (left > 0) openStreams.set(userId, left);
    else openStreams.delete(userId);
  }
}

const ENDED = eventOf("ended", {});

async function look(manager: Lists, { userId, handle }: Watched): Promise<string> {
  try {
    const list = (await manager.listByUser(userId)).map((info) => listed(info, handle));
    return list.some(({ current }) => current) ? eventOf("sessions", list) : ENDED;
  } catch (error) {
    // Not being able to look is not being signed out.
    if (isStoreFailure(error)) return eventOf("unavailable", errors.unavailable);
    throw error;
  }
}

/** JSON has no line breaks, which would end the event. `retry`: the browser connects again after so many milliseconds. */
function eventOf(name: string, data: unknown): string {
  return `retry: 2000\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function isStoreFailure(error: unknown): boolean {
  return (
    error instanceof SessionError && (error.code === "STORE_UNAVAILABLE" || error.code === "STORE_TIMEOUT")
  );
}

/** Until the time is over, or the signal says that nobody waits any more. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
