import type { ServerResponse } from "node:http";

/** Sends the answer, whatever had been put on `res` by then. `end` is the call that does. */
export async function sendInstead(
  res: ServerResponse,
  answer: Response,
  end: (text: string) => unknown = (text) => res.end(text),
): Promise<void> {
  const text = await answer.text();
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  res.statusCode = answer.status;
  for (const [name, value] of answer.headers) if (name !== "set-cookie") res.setHeader(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) res.setHeader("set-cookie", cookies);
  end(text);
}
