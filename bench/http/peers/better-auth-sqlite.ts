import { Database } from "bun:sqlite";
import { getMigrations } from "better-auth/db/migration";
import { serveBetterAuth } from "./better-auth.ts";

/** SQLite in memory: without a file, and so at its fastest. */
export async function start(): Promise<number> {
  const database = new Database(":memory:");
  const { runMigrations } = await getMigrations({ database, emailAndPassword: { enabled: true } });
  await runMigrations();
  return serveBetterAuth({ database });
}
