import { dirname, join } from "node:path";
import { requireServer } from "../require-server.ts";
import { ownerFor } from "./owner.ts";
import { type SqlServer, startSqlServer } from "./sql-server.ts";

export interface PostgresOptions {
  /** Settings, such as `max_connections=5`. */
  readonly settings?: readonly string[];
}

/** Quick, since nothing here has to survive the machine; a killed server still has all that it had acknowledged. */
const QUICK = ["fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60"];

export async function startPostgres({ settings = [] }: PostgresOptions = {}): Promise<SqlServer> {
  const postgres = await requireServer("postgres");
  const initdb = join(dirname(await realPath(postgres)), "initdb");
  return startSqlServer({
    name: "PostgreSQL",
    owner: ownerFor("postgres"),
    initialize: (folder) => [
      ...[initdb, "--pgdata", join(folder, "data"), "--username", "postgres", "--auth", "trust"],
      ...["--encoding", "UTF8", "--locale", "C", "--no-sync"],
    ],
    command: (folder, port) => [
      ...[postgres, "-D", join(folder, "data"), "-p", String(port), "-k", folder],
      ...["listen_addresses=127.0.0.1", ...QUICK, ...settings].flatMap((setting) => ["-c", setting]),
    ],
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
  });
}

/** Debian's programs call each other by where they are. */
async function realPath(program: string): Promise<string> {
  const { realpath } = await import("node:fs/promises");
  return realpath(program);
}
