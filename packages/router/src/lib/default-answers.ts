import { json } from "./responses.ts";

export function notFound(): Response {
  return json({ error: "Not found" }, 404);
}

/** RFC 9110 15.5.6: the answer names the methods that would have done. */
export function methodNotAllowed(allow: string): Response {
  return json({ error: "Method not allowed" }, { status: 405, headers: { Allow: allow } });
}

/** Writes the error to the log, and tells the client nothing of it. */
export function internalError(error: unknown): Response {
  console.error(error);
  return json({ error: "Internal server error" }, 500);
}
