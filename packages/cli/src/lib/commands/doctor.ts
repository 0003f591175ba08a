import { type Command, type Context, managerOf } from "../command.ts";
import { examineApp } from "../doctor/app.ts";
import { error, type Finding, type Level, ok } from "../doctor/finding.ts";
import { createRecordExamination, type RecordExamination } from "../doctor/records.ts";
import { examineSetCookie, parseSetCookie } from "../doctor/set-cookie.ts";
import { tryStore } from "../doctor/try-store.ts";
import { createProgress } from "../output/progress.ts";
import { printable } from "../output/table.ts";
import { withoutPassword } from "../output/without-password.ts";

export const doctor: Command = async (context) => {
  const { options } = context;
  const findings = [
    ...(await examineStore(context)),
    ...(options["set-cookie"] === undefined
      ? []
      : examineSetCookie(parseSetCookie(options["set-cookie"]), false)),
    ...(options.app === undefined ? [] : await examineAppOf(context, options.app)),
  ];
  const counts = { ok: 0, note: 0, warning: 0, error: 0 };
  for (const { level } of findings) counts[level] += 1;
  const isWrong = counts.error > 0 || (options.strict === true && counts.warning > 0);
  return { json: { counts, findings }, text: asText(findings, counts), exitCode: isWrong ? 1 : 0 };
};

async function examineStore(context: Context): Promise<Finding[]> {
  const { inspected, options } = context;
  let servers: Finding[];
  try {
    servers = await inspected.examine();
  } catch (fault) {
    return [error("reachable", `The store cannot be reached. ${messageOf(fault, context)}`)];
  }
  return [
    ok("reachable", "The store answers."),
    ...servers,
    ...(options["read-only"] ? [] : [await tryStore(inspected.store)]),
    ...(await examineRecords(context)),
  ];
}

async function examineRecords(context: Context): Promise<Finding[]> {
  const examination = createRecordExamination();
  try {
    await goThrough(context, examination);
  } catch (fault) {
    const message = `The records cannot be gone through. ${messageOf(fault, context)}`;
    return [
      error(
        "records-unseen",
        message,
        "On Redis it takes SCAN, DBSIZE, GET, PTTL, ZSCORE and scripts; in SQL, SELECT on the table.",
      ),
    ];
  }
  return examination.findings();
}

async function goThrough({ inspected, output }: Context, examination: RecordExamination): Promise<void> {
  using progress = createProgress(output, "Looking through the records", (await inspected.size()) * 2);
  for await (const { items, size } of inspected.records()) {
    items.forEach(examination.addRecord);
    progress.add(size);
  }
  for await (const { items, size } of inspected.indexes({ prune: false })) {
    items.forEach(examination.addIndex);
    progress.add(size);
  }
}

function messageOf(fault: unknown, { options, output }: Context): string {
  const url = options.store ?? output.environment.SESSION_STORE;
  return withoutPassword(fault instanceof Error ? fault.message : String(fault), url);
}

async function examineAppOf(context: Context, url: string): Promise<Finding[]> {
  const { body, "cookie-name": cookieName = "sid" } = context.options;
  return examineApp({
    url,
    body: body === "-" ? await Bun.stdin.text() : body,
    cookieName,
    sessions: managerOf(context),
  });
}

const MARKS: Readonly<Record<Level, string>> = {
  ok: "ok     ",
  note: "note   ",
  warning: "WARNING",
  error: "ERROR  ",
};

function asText(findings: readonly Finding[], counts: Readonly<Record<Level, number>>): string {
  const indent = " ".repeat(MARKS.ok.length + 2);
  const lines = findings.flatMap(({ level, message, advice }) => [
    `${MARKS[level]}  ${printable(message)}`,
    ...(advice === undefined ? [] : [`${indent}${printable(advice)}`]),
  ]);
  return `${lines.join("\n")}\n\nErrors: ${counts.error}, warnings: ${counts.warning}, notes: ${counts.note}.\n`;
}
