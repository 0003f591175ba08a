import type { SqlFacts } from "@ventostack/store-sql/inspect";
import { duration } from "../output/times.ts";
import { examineClock } from "./clock.ts";
import { error, type Finding, note, ok, warning } from "./finding.ts";

/** The oldest releases with all that the store sends. */
const OLDEST: Readonly<Record<string, readonly [number, number]>> = { PostgreSQL: [12, 0], MariaDB: [10, 6] };

/** Milliseconds after which a row that is over should have been swept, whatever the interval is. */
const SWEPT_WITHIN = 3_600_000;

/** Rights of a file that others than its owner have. */
const OTHERS = 0o077;

export function examineDatabase(facts: SqlFacts): Finding[] {
  const isServer = facts.dialect !== "sqlite";
  return [
    examineVersion(facts),
    ...(isServer ? [examineRole(facts), examineClock(nameOf(facts), facts)] : examineFile(facts)),
    examineSchema(facts),
    ...(facts.schemaVersion === 0 ? [] : [examineSweep(facts)]),
  ];
}

const nameOf = ({ product }: SqlFacts): string => product.split(" ")[0] ?? product;

function examineVersion({ product }: SqlFacts): Finding {
  const check = "server-version";
  const [name = "", version = ""] = product.split(" ");
  if (name === "MySQL") return note(check, `The database is ${product}; the store is untried on MySQL.`);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST[name] ?? [0, 0];
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  if (!isOld) return ok(check, `The database is ${product}.`);
  const message = `The database is ${product}, which lacks statements that the store needs.`;
  return error(check, message, `Use ${name} ${oldestMajor}.${oldestMinor} or later.`);
}

function examineRole({ product, isReadOnly }: SqlFacts): Finding {
  const check = "server-role";
  if (!isReadOnly) return ok(check, `${product} takes writes.`);
  const message = `${product} is read-only, a standby perhaps: it refuses every log-in and log-out.`;
  return error(check, message, "Connect to the primary.");
}

function examineFile({ file }: SqlFacts): Finding[] {
  if (file === undefined) return [];
  const { journalMode, mode } = file;
  const journal =
    journalMode === "wal"
      ? ok("journal-mode", "The file is in WAL mode.")
      : warning(
          "journal-mode",
          `The file was in the journal mode ${journalMode}, in which readers and the writer wait for each other.`,
          "The store turns WAL on when it opens the file: has something else turned it off, or is it on a network share?",
        );
  const isOpen = (mode & OTHERS) !== 0;
  const rights = isOpen
    ? warning(
        "file-rights",
        `Other users of the machine have rights to the file (${mode.toString(8)}): it says who is signed in.`,
        "chmod 600, also for the files with -wal and -shm beside it.",
      )
    : ok("file-rights", "Only its owner has rights to the file.");
  return [journal, rights];
}

function examineSchema({ schemaVersion: version, knownSchemaVersion: known }: SqlFacts): Finding {
  const check = "schema";
  if (version === known) return ok(check, `The table has version ${version} of the schema.`);
  if (version === 0) return error(check, "There is no such table.", "Run migrate(), or name it by --table.");
  const message = `The table has version ${version} of the schema, and this release makes ${known}`;
  if (version > known) {
    return error(check, `${message}: a later one has been there.`, "Use that release of this program too.");
  }
  return error(check, `${message}: it lacks columns.`, "Run migrate(), or what sqlFor() prints.");
}

function examineSweep({ expired, oldestExpired }: SqlFacts): Finding {
  const check = "expired-rows";
  if (oldestExpired <= SWEPT_WITHIN)
    return ok(check, `${expired} rows of sessions that are over wait for a sweep.`);
  const message = `Nobody sweeps: ${expired} rows are of sessions that are over, the oldest for ${duration(oldestExpired)}.`;
  return warning(check, message, "They do no harm but take room: `prune` removes them. Is sweepInterval 0?");
}
