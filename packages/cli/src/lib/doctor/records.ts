import type { InspectedIndex, InspectedRecord } from "../stores/inspected-store.ts";
import { error, type Finding, note, ok, warning } from "./finding.ts";

/** Milliseconds by which a record and its key may disagree: they were not read at the same moment. */
const TOLERANCE = 5000;
/** How many records are named. */
const EXAMPLES = 3;

/** Counts what is wrong with the records of a store, and says so at the end. */
export interface RecordExamination {
  addRecord(record: InspectedRecord): void;
  addIndex(index: InspectedIndex): void;
  findings(): Finding[];
}

/** How many, and some of them. */
interface Tally {
  count: number;
  readonly examples: string[];
}

export function createRecordExamination(): RecordExamination {
  const tally = (): Tally => ({ count: 0, examples: [] });
  const records = { all: 0, unreadable: tally(), endless: tally(), otherEnd: tally(), lost: tally() };
  const indexes = { all: 0, unreadable: 0, endless: 0, stale: 0, members: 0 };

  return {
    addRecord({ name, session, endsAt, isIndexed }) {
      records.all += 1;
      if (session === undefined) add(records.unreadable, name);
      if (endsAt === undefined) add(records.endless, name);
      else if (session !== undefined && Math.abs(session.expiresAt - endsAt) > TOLERANCE) {
        add(records.otherEnd, name);
      }
      if (!isIndexed) add(records.lost, name);
    },

    addIndex({ members, stale, hasEnd }) {
      indexes.all += 1;
      if (members === undefined) indexes.unreadable += 1;
      if (!hasEnd) indexes.endless += 1;
      indexes.stale += stale;
      indexes.members += members ?? 0;
    },

    findings() {
      const found: Finding[] = [];
      const { unreadable, endless, otherEnd, lost } = records;
      if (unreadable.count > 0) {
        const message = `${shown(unreadable)} cannot be read: who has it is treated as signed out, and the record stays.`;
        found.push(
          error("unreadable-records", message, "Delete or repair it; a later release may have written it."),
        );
      }
      if (endless.count > 0) {
        const message = `${shown(endless)} has no TTL: it never ends.`;
        found.push(
          error("records-without-end", message, "Something else wrote it: DEL it, or give it a TTL."),
        );
      }
      if (otherEnd.count > 0) {
        const message = `${shown(otherEnd)} says another end than its key has.`;
        found.push(warning("record-ends", message, "Something else changed the key's TTL."));
      }
      if (lost.count > 0) {
        const message = `${shown(lost)} is missing from its user's index: log-out everywhere does not end it.`;
        const advice = "An index was deleted, evicted or lost in a failover. End it with `revoke --handle`.";
        found.push(error("sessions-outside-index", message, advice));
      }
      if (found.length === 0) found.push(ok("records", `${records.all} records are sound.`));
      return [...found, ...indexFindings()];
    },
  };

  function indexFindings(): Finding[] {
    const found: Finding[] = [];
    const { all, unreadable, endless, stale, members } = indexes;
    if (unreadable > 0) {
      const message = `${unreadable} of ${all} users' indexes cannot be read: those users cannot be listed or logged out.`;
      found.push(error("unreadable-indexes", message, "Something else wrote them: delete them."));
    }
    if (endless > 0) {
      const message = `${endless} of ${all} users' indexes have no TTL: they stay for ever.`;
      found.push(warning("indexes-without-end", message, "They get one at the user's next log-in."));
    }
    if (stale > 0) {
      const message = `${stale} of ${members} entries in the users' indexes stand for sessions that have ended.`;
      found.push(note("stale-index-entries", message, "They do no harm; `prune` takes them out."));
    }
    return found.length > 0 ? found : [ok("indexes", `${all} users' indexes are sound.`)];
  }
}

function add(tally: Tally, name: string): void {
  tally.count += 1;
  // The start of a name is enough to find the key by, and no use as an id.
  if (tally.examples.length < EXAMPLES) tally.examples.push(`${name.slice(0, 8)}…`);
}

function shown({ count, examples }: Tally): string {
  const more = count > examples.length ? `, and ${count - examples.length} more` : "";
  return `${count === 1 ? "1 record" : `Each of ${count} records`} (${examples.join(", ")}${more})`;
}
