import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Sends a web `Response` with a server that has none of its own, and lets go of its body when the client does. */
export async function send(res: ServerResponse, response: Response): Promise<void> {
  // A server that is told to stop closes the connections that are idle then, and would wait for this one to time out.
  res.shouldKeepAlive = false;
  res.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) {
    res.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(response.body), res);
  } catch (error) {
    // The client went away, which is how most streams of events end.
    if (!res.destroyed) throw error;
  }
}
