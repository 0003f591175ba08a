import { serveExpressSession } from "./express-session.ts";

export function start(): Promise<number> {
  return serveExpressSession(undefined);
}
