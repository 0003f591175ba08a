import { SessionError } from "@ventostack/auth-core";

/** Seconds after which a browser or a proxy may try again. */
const RETRY_AFTER = 5;

/** Whether the error says that the store gave no answer, or a bad one: nobody is signed out by it. */
export function isStoreFailure(error: unknown): boolean {
  return (
    error instanceof SessionError && (error.code === "STORE_UNAVAILABLE" || error.code === "STORE_TIMEOUT")
  );
}

/** Whether the answer stands for such an error alone. One that the application chose for this very failure stands. */
export function standsForStoreFailure(response: { readonly status: number }, error: unknown): boolean {
  return isStoreFailure(error) && response.status === 500;
}

/** What `run` gives, or `answer` where the store fails meanwhile. Whatever else it throws is thrown on. */
export async function unlessUnavailable<Result>(
  run: () => Promise<Result>,
  answer: () => Response = unavailable,
): Promise<Result | Response> {
  try {
    return await run();
  } catch (error) {
    if (isStoreFailure(error)) return answer();
    throw error;
  }
}

/** The answer while the store is down: no statement about who is signed in, and no cookie (ASVS 5.0 16.5.2). */
export function unavailable(): Response {
  return Response.json(
    { error: "Sessions are unavailable for the moment. Nobody was signed out: try again shortly." },
    { status: 503, headers: { "Retry-After": String(RETRY_AFTER), "Cache-Control": "no-store" } },
  );
}
