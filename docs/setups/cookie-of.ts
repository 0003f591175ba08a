import type { SessionMiddleware } from "@ventostack/auth";

/** The cookie of a log-in that reached the program at this URL, with these headers. */
export async function cookieOf(
  sessions: SessionMiddleware,
  url: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const ctx = { request: new Request(url, { headers }), state: {} };
  const response = await sessions(ctx, async () => {
    await sessions.of(ctx).create({ userId: "u1" });
    return new Response();
  });
  return response?.headers.get("set-cookie") ?? "";
}
