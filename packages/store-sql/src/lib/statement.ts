export type SqlDialect = "sqlite" | "postgres" | "mysql";

/** What is sent to a database. */
export type Value = string | number | null;

export type Row = Readonly<Record<string, unknown>>;

export interface Result {
  readonly rows: readonly Row[];
  /** Rows written by a statement that gives none back. */
  readonly changes: number;
  /** What it was to make is there already: a row with that key, a column. It did nothing. */
  readonly isTaken: boolean;
}

/** A statement in the words of one database. */
export interface Statement {
  readonly text: string;
  readonly givesRows: boolean;
  /** The values in the order in which the text takes them. `now`: milliseconds by the clock of this process. */
  bind(values: readonly Value[], now: () => number): Value[];
}

export interface Call {
  readonly statement: Statement;
  readonly values: readonly Value[];
}

/**
 * What a method of the store does: statements one after the other, each with the result of the one before. SQLite runs
 * it at once, in one transaction; the servers run it over one connection. It may be run again from its start.
 */
export type Operation<Answer> = Generator<Call, Answer, Result>;

/** A statement with its values: to `yield`. */
export const call = (statement: Statement, ...values: readonly Value[]): Call => ({ statement, values });

/** Makes statements for one table of one database. */
export type Compile = (template: string) => Statement;

/**
 * The time in whole milliseconds, at the moment when a row is looked at. On MySQL it is that when the statement began,
 * put together from two that no time zone touches: an hour that occurs twice would be taken for the other one.
 */
const NOW = {
  postgres: "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)",
  mysql: "(UNIX_TIMESTAMP() * 1000 + MICROSECOND(NOW(6)) DIV 1000)",
};

/** The same in one value for the whole statement: an index can be searched by it. */
const NOW_FOR_INDEX = {
  ...NOW,
  postgres: NOW.postgres.replace("clock_timestamp", "statement_timestamp"),
};

/**
 * In a template `$1` is the first value, as often as it occurs; `{table}` the table, `{table_x}` another one beside it, and
 * `{name_x}` a name that is looked for where the table is; `{now}` and `{indexed now}` the time; `{next}` the next number of the order in which sessions join their users.
 */
export function createCompiler(dialect: SqlDialect, table: string): Compile {
  const quoted = quoteTable(dialect, table);
  const next =
    dialect === "postgres"
      ? `nextval(pg_get_serial_sequence('${quoted}', 'seq'))`
      : `(SELECT COALESCE(MAX(seq), 0) + 1 FROM ${quoted})`;

  const time = { sqlite: undefined, ...NOW }[dialect];
  const timeForIndex = { sqlite: undefined, ...NOW_FOR_INDEX }[dialect];

  return (template) => {
    /** Of the values, by their place in the text. */
    const places: (number | "now")[] = [];
    function placeholder(value: number | "now"): string {
      // MySQL's have no numbers: a value that occurs twice is sent twice.
      const known = dialect === "mysql" ? -1 : places.indexOf(value);
      const place = known >= 0 ? known : places.push(value) - 1;
      return dialect === "mysql" ? "?" : dialect === "sqlite" ? `?${place + 1}` : `$${place + 1}`;
    }
    const text = template
      .replaceAll(/\{table(_\w+)?\}/g, (_, suffix = "") => quoteTable(dialect, table + suffix))
      .replaceAll(/\{name(_\w+)\}/g, (_, suffix) => quoteTable(dialect, table.replace(/^.*\./, "") + suffix))
      .replaceAll("{next}", next)
      .replaceAll("{indexed now}", timeForIndex ?? "{now}")
      .replaceAll("{now}", time ?? "{now}")
      .replaceAll(/\$(\d+)|\{now\}/g, (_, number) => placeholder(number ? Number(number) - 1 : "now"));
    return {
      text,
      givesRows: /^\s*SELECT\b|\bRETURNING\b/.test(text),
      bind: (values, now) =>
        places.map((place) => (place === "now" ? Math.floor(now()) : (values[place] ?? null))),
    };
  };
}

/** `name`, or `schema.name`; each part is one that needs no escaping. */
export function quoteTable(dialect: SqlDialect, table: string): string {
  const mark = dialect === "mysql" ? "`" : '"';
  return table.replaceAll(/\w+/g, (part) => mark + part + mark);
}
