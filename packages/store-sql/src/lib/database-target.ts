import type { SQL } from "bun";
import { invalidOption, optionError } from "./invalid-option.ts";

/** Which database: a file of SQLite, or a server by its URL or by a client that is there already. */
export type DatabaseTarget =
  | { readonly dialect: "sqlite"; readonly file: string }
  | { readonly dialect: "postgres" | "mysql"; readonly url: string }
  | { readonly dialect: "postgres" | "mysql"; readonly sql: SQL };

const DIALECTS = { postgres: "postgres", postgresql: "postgres", mysql: "mysql", mariadb: "mysql" } as const;

/** Throws `INVALID_OPTION`. A URL is not shown: it may hold a password. */
export function targetOf({ url, sql }: { url?: unknown; sql?: unknown }): DatabaseTarget {
  if ((url === undefined) === (sql === undefined)) {
    throw optionError("One of the options url and sql has to be given, and not both.");
  }
  return sql === undefined ? targetOfUrl(url) : targetOfClient(sql);
}

function targetOfUrl(url: unknown): DatabaseTarget {
  const scheme = typeof url === "string" ? /^([a-z]+):/.exec(url)?.[1] : undefined;
  if (typeof url === "string" && scheme === "sqlite") return { dialect: "sqlite", file: fileOf(url) };
  const dialect = isServer(scheme) ? DIALECTS[scheme] : undefined;
  if (
    typeof url !== "string" ||
    dialect === undefined ||
    !URL.canParse(url) ||
    new URL(url).hostname === ""
  ) {
    throw optionError(
      "The option url is not of the form sqlite:FILE, postgres://USER:PASSWORD@HOST:PORT/DATABASE or mysql://...; " +
        "what has a meaning in a URL has to be percent-encoded in a user and a password (@ as %40, / as %2F, % as %25).",
    );
  }
  return { dialect, url };
}

const isServer = (scheme = ""): scheme is keyof typeof DIALECTS => Object.hasOwn(DIALECTS, scheme);

/** `sqlite:file.db`, and with two slashes as Bun writes it. Taken as it is: `%` means itself. */
function fileOf(url: string): string {
  const file = url.replace(/^sqlite:(\/\/)?/, "");
  if (file !== "" && !/[?#\0]/.test(file)) return file;
  throw optionError(
    "The option url names no file: write sqlite:sessions.db, or sqlite:/var/lib/app/sessions.db, without ? and #.",
  );
}

function targetOfClient(sql: unknown): DatabaseTarget {
  const options = typeof sql === "function" && "options" in sql ? sql.options : undefined;
  const { adapter, filename } = (options ?? {}) as { adapter?: unknown; filename?: unknown };
  if (adapter === "postgres") return { dialect: "postgres", sql: sql as SQL };
  if (adapter === "mysql" || adapter === "mariadb") return { dialect: "mysql", sql: sql as SQL };
  if (adapter === "sqlite" && typeof filename === "string" && !/^(:memory:)?$/.test(filename)) {
    return { dialect: "sqlite", file: filename };
  }
  throw invalidOption(
    "sql",
    sql,
    adapter === "sqlite"
      ? "a database in memory belongs to its connection alone: pass url: 'sqlite::memory:'"
      : "it must be a client of Bun.SQL",
  );
}
