import type { CaseResult, Guarantee } from "../index.ts";

export interface Report {
  readonly name: string;
  readonly results: readonly CaseResult[];
}

const GUARANTEES: readonly Guarantee[] = [
  "basic",
  "G1",
  "G2",
  "G3",
  "G4",
  "G5",
  "G6",
  "G7",
  "G8",
  "G9",
  "G10",
];

/** What the documentation shows: a row for each guarantee, a column for each store. */
export function tableOf(reports: readonly Report[]): string[][] {
  const header = ["", ...reports.map(({ name }) => name)];
  const rows = GUARANTEES.map((guarantee) => [
    guarantee,
    ...reports.map(({ results }) => verdictOn(results.filter((result) => result.guarantee === guarantee))),
  ]);
  return [header, ...rows];
}

function verdictOn(results: readonly CaseResult[]): string {
  if (results.some(({ outcome }) => outcome === "broken")) return "broken";
  if (results.some(({ outcome }) => outcome === "kept")) return "kept";
  const hasNoMethod = results.some(
    (result) => result.outcome === "skipped" && /no method/.test(result.reason),
  );
  return hasNoMethod ? "no method" : "not tried";
}

/** The names of the cases that found something. */
export function brokenBy({ results }: Report): string[] {
  return results.filter(({ outcome }) => outcome === "broken").map(({ name }) => name);
}

/** The cells of the page's table whose header begins with that column. */
export function tableIn(page: string, firstStore: string): string[][] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.startsWith("|") && line.includes(firstStore));
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  const rows = lines.slice(start, start + length).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.filter((_, row) => row !== 1);
}
