export { type MariadbOptions, startMariadb } from "./mariadb.ts";
export { type PostgresOptions, startPostgres } from "./postgres.ts";
export type { SqlServer } from "./sql-server.ts";
