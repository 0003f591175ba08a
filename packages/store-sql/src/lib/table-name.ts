import { invalidOption } from "./invalid-option.ts";
import type { SqlDialect } from "./statement.ts";

export const DEFAULT_TABLE = "ventostack_sessions";

/** Names are put into the SQL: none may end the quotes around it. PostgreSQL cuts names at 63 letters, in silence. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,47}$/;

/** The name, when it is one. Throws `INVALID_OPTION`. */
export function checkTable(dialect: SqlDialect, table: unknown): string {
  const parts = typeof table === "string" ? table.split(".") : [];
  const most = dialect === "sqlite" ? 1 : 2;
  if (typeof table === "string" && parts.length <= most && parts.every((part) => NAME.test(part)))
    return table;
  const schema = dialect === "sqlite" ? "" : "; a schema and a dot may stand before it";
  throw invalidOption(
    "table",
    table,
    `it must be a name of at most 48 letters, digits and _, which does not begin with a digit${schema}`,
  );
}
