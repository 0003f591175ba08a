import { serveFastifySession } from "./fastify-session.ts";

export function start(): Promise<number> {
  return serveFastifySession(undefined);
}
