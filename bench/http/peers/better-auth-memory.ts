import { memoryAdapter } from "better-auth/adapters/memory";
import { serveBetterAuth } from "./better-auth.ts";

export function start(): number {
  return serveBetterAuth({
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  });
}
