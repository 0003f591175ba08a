import type { Spread } from "../lib/statistics.ts";
import type { HttpGroup, HttpResults, OpsResults, ScaleResults, SessionsScale } from "./results.ts";

/** A Markdown table with its columns in line; all but the first are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0), 3),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

const ratio = ({ median, low, high }: Spread): string =>
  `${median.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
const short = (value: number): string =>
  value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
const grouped = (value: number): string => Math.round(value).toLocaleString("en-GB");

/** The result's own name of the server stands in code; the title is what the reader reads. */
function titleOf(group: HttpGroup, server: string): string {
  return group.rows.find((row) => row.server === server)?.title ?? server;
}

export function httpTable(group: HttpGroup): string {
  const head = [
    group.title,
    "CPU, µs",
    ...group.bases.map((base) => `over: ${titleOf(group, base)}`),
    "requests/s",
  ];
  const rows = group.rows.map((row) => [
    row.kind === "ours" ? `**${row.title}**` : row.title,
    row.cpuMicroseconds.median.toFixed(1),
    ...group.bases.map((base) => {
      const spread = row.over[base];
      return spread === undefined || base === row.server ? "1" : ratio(spread);
    }),
    grouped(row.requestsPerSecond.median),
  ]);
  return table(head, rows);
}

export function machineText({ machine, rounds, versions }: HttpResults): string {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return (
    `Measured on ${machine.date}: ${machine.cpu}, ${machine.cores} cores, ${machine.memory}, ${machine.system}; ` +
    `Bun ${machine.bun}, Redis ${machine.redis}; ${rounds} rounds.\nPeers: ${peers.join(", ")}.`
  );
}

export function opsTable({ rows }: OpsResults, store: string): string {
  const operations = [
    ...new Set(rows.filter((row) => row.store === store).map(({ operation }) => operation)),
  ];
  return table(
    [
      store,
      "1 caller, µs",
      "over bare",
      "p99, µs",
      "50 callers, µs",
      "over bare",
      "200 callers, µs",
      "over bare",
      "p99, µs",
    ],
    operations.map((operation) => {
      const of = (callers: number) =>
        rows.find((row) => row.store === store && row.operation === operation && row.callers === callers);
      const cells = (callers: number, tail: boolean): string[] => {
        const row = of(callers);
        if (row === undefined) return ["", "", ...(tail ? [""] : [])];
        const cell = [short(row.microseconds.median), row.timeOverBare.median.toFixed(2)];
        return tail ? [...cell, short(row.p99.median)] : cell;
      };
      return [operation, ...cells(1, true), ...cells(50, false), ...cells(200, true)];
    }),
  );
}

export function allocationsTable({ allocations }: OpsResults): string {
  return table(
    ["one operation on the memory store", "bytes allocated"],
    allocations.map(({ operation, bytes }) => [operation, grouped(bytes)]),
  );
}

function sessionsTable(title: string, scales: readonly SessionsScale[]): string {
  const operations = Object.keys(scales[0]?.microseconds ?? {});
  const isResidentKnown = scales.some(({ residentPerSession }) => residentPerSession !== undefined);
  return table(
    [
      title,
      "bytes each",
      ...(isResidentKnown ? ["resident"] : []),
      ...operations.map((operation) => `${operation}, µs`),
    ],
    scales.map(({ sessions, bytesPerSession, residentPerSession, microseconds }) => [
      grouped(sessions),
      grouped(bytesPerSession),
      ...(isResidentKnown ? [grouped(residentPerSession ?? Number.NaN)] : []),
      ...operations.map((operation) => short(microseconds[operation] ?? Number.NaN)),
    ]),
  );
}

/** Rows of one shape as they are: names to the left, numbers to the right. */
function plainTable(
  heads: Readonly<Record<string, string>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  return table(
    Object.values(heads),
    rows.map((row) =>
      Object.keys(heads).map((key) => {
        const value = row[key];
        return typeof value === "number"
          ? Number.isInteger(value)
            ? grouped(value)
            : short(value)
          : String(value);
      }),
    ),
  );
}

export function scaleTables(scale: ScaleResults): Record<string, string> {
  return {
    "memory-sessions": sessionsTable("sessions in memory", scale.memorySessions),
    "redis-sessions": sessionsTable("sessions in Redis", scale.redisSessions),
    "sessions-of-user": plainTable(
      {
        store: "store",
        sessions: "sessions of the user",
        create: "one more, µs",
        listEach: "listed, µs each",
        endEach: "ended, µs each",
      },
      scale.sessionsOfUser,
    ),
    "cookie-headers": plainTable(
      { bytes: "bytes of `Cookie` header", microseconds: "middleware, µs" },
      scale.cookieHeaders,
    ),
    "session-data": plainTable(
      {
        store: "store",
        bytes: "bytes of JSON",
        get: "get, µs",
        create: "create, µs",
        parse: "`JSON.parse` alone",
        stringify: "`JSON.stringify` alone",
      },
      scale.sessionData,
    ),
    cluster: plainTable(
      { name: "200 callers", get: "get, µs", update: "update, µs" },
      Object.entries(scale.redisCluster).map(([name, times]) => ({ name, ...times })),
    ),
    bundles: plainTable(
      { package: "package", minified: "minified, bytes", gzipped: "and gzipped" },
      scale.bundleSizes,
    ),
    imports: plainTable(
      { name: "a process that imports", milliseconds: "takes, ms" },
      Object.entries(scale.importTimes).map(([name, milliseconds]) => ({ name, milliseconds })),
    ),
  };
}
