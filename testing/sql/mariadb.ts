import { join } from "node:path";
import { requireServer } from "../require-server.ts";
import { ownerFor } from "./owner.ts";
import { type SqlServer, startSqlServer } from "./sql-server.ts";

export interface MariadbOptions {
  /** Go at the end of the command line: `["--max-connections=5"]`. */
  readonly args?: readonly string[];
}

/** Small, in one file, and never waiting for the disk. */
const FILES = [
  "--innodb-log-file-size=8M",
  "--innodb-data-file-path=ibdata1:3M:autoextend",
  "--skip-innodb-file-per-table",
  "--innodb-flush-method=nosync",
  "--skip-innodb-doublewrite",
  "--skip-sync-frm",
  "--debug-no-sync",
];

/** Quick, since nothing here has to survive the machine; a killed server still has all that it had acknowledged. */
const QUICK = [
  "--innodb-flush-log-at-trx-commit=2",
  "--innodb-buffer-pool-size=32M",
  "--skip-log-bin",
  "--skip-name-resolve",
];

export async function startMariadb({ args = [] }: MariadbOptions = {}): Promise<SqlServer> {
  const mariadbd = await requireServer("mariadbd");
  const install = Bun.which("mariadb-install-db") ?? "mariadb-install-db";
  return startSqlServer({
    name: "MariaDB",
    owner: ownerFor("mysql"),
    initialize: (folder) => [
      ...[install, "--no-defaults", `--datadir=${join(folder, "data")}`, "--skip-test-db"],
      ...["--auth-root-authentication-method=normal", ...FILES],
    ],
    command: (folder, port) => [
      ...[
        mariadbd,
        "--no-defaults",
        `--datadir=${join(folder, "data")}`,
        `--socket=${join(folder, "socket")}`,
      ],
      ...[
        `--pid-file=${join(folder, "pid")}`,
        "--bind-address=127.0.0.1",
        `--port=${port}`,
        ...QUICK,
        ...args,
      ],
    ],
    // There from the beginning, so that the server answers there as soon as it answers.
    url: (port) => `mysql://root@127.0.0.1:${port}/mysql`,
  });
}
