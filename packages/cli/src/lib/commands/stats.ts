import type { Command } from "../command.ts";
import { createProgress } from "../output/progress.ts";
import { table } from "../output/table.ts";

const HOUR = 3_600_000;

/** How many sessions end within that time from now. */
const SPANS = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, later: Number.POSITIVE_INFINITY };

interface Stats {
  sessions: number;
  anonymous: number;
  /** Records that cannot be read; they are among no other number. */
  unreadable: number;
  /** Users who have an index. It may outlive the last session in it. */
  users: number;
  /** Bytes of all records, without what the store needs to hold them. */
  bytes: number;
  /** Sessions, by when they end unless they are used. */
  ends: Record<keyof typeof SPANS, number>;
}

export const stats: Command = async ({ inspected, output }) => {
  const counted: Stats = {
    sessions: 0,
    anonymous: 0,
    unreadable: 0,
    users: 0,
    bytes: 0,
    ends: { hour: 0, day: 0, week: 0, later: 0 },
  };
  {
    using progress = createProgress(output, "Counting", (await inspected.size()) * 2);
    for await (const { items, size } of inspected.records()) {
      for (const { session, endsAt = Number.POSITIVE_INFINITY, bytes } of items) {
        if (session === undefined) {
          counted.unreadable += 1;
          continue;
        }
        counted.sessions += 1;
        counted.bytes += bytes;
        if (session.userKey === undefined) counted.anonymous += 1;
        counted.ends[spanOf(endsAt - Date.now())] += 1;
      }
      progress.add(size);
    }
    for await (const { items, size } of inspected.indexes({ prune: false })) {
      counted.users += items.length;
      progress.add(size);
    }
  }
  return { json: counted, text: asText(counted) };
};

function spanOf(left: number): keyof Stats["ends"] {
  const names = Object.keys(SPANS) as (keyof typeof SPANS)[];
  return names.find((name) => left <= SPANS[name]) ?? "later";
}

function asText({ sessions, anonymous, unreadable, users, bytes, ends }: Stats): string {
  const rows: readonly (readonly [string, number])[] = [
    ["sessions", sessions],
    ["  without a user", anonymous],
    ["  that end within an hour", ends.hour],
    ["  within a day", ends.day],
    ["  within a week", ends.week],
    ["  later", ends.later],
    ["users with an index", users],
    ["records that cannot be read", unreadable],
    ["bytes of records", bytes],
  ];
  const width = Math.max(...rows.map(([, count]) => count.toLocaleString("en").length));
  return table(
    ["WHAT", "COUNT".padStart(width)],
    rows.map(([what, count]) => [what, count.toLocaleString("en").padStart(Math.max(width, "COUNT".length))]),
  );
}
