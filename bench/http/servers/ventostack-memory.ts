import { createMemorySessionStore } from "../../../packages/auth/src/index.ts";
import { serveVentostack } from "./ventostack.ts";

export function start(): number {
  return serveVentostack(createMemorySessionStore());
}
