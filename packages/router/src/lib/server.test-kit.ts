import { spyOn } from "bun:test";
import type { Router } from "./router.ts";

export interface TestServer extends Disposable {
  readonly url: URL;
  /** Fetches a path of the server; redirects are not followed. */
  request(path: string, init?: BunFetchRequestInit): Promise<Response>;
}

/** The router on a free port, until the end of the block: `using server = startServer(router)`. */
export function startServer(router: Router): TestServer {
  const server = Bun.serve({ port: 0, ...router.serve() });
  return {
    url: server.url,
    request: (path, init) => fetch(`${server.url.origin}${path}`, { redirect: "manual", ...init }),
    [Symbol.dispose]: () => void server.stop(true),
  };
}

export interface ErrorLog extends Disposable {
  /** What `console.error` was called with first, each time. */
  readonly errors: unknown[];
}

/** Keeps what is logged from the test's output, until the end of the block. */
export function captureErrors(): ErrorLog {
  const errors: unknown[] = [];
  const spy = spyOn(console, "error").mockImplementation((error) => void errors.push(error));
  return { errors, [Symbol.dispose]: () => spy.mockRestore() };
}

/** The value as an error, for its message; a failure of the test where it is none. */
export function asError(value: unknown): Error {
  if (value instanceof Error) return value;
  throw new TypeError(`Not an error: ${String(value)}`);
}
