import { expect, test } from "bun:test";
import { checkHistory } from "./check-history.ts";
import type { Outcome, Seen, SoakEvent, SoakViolation } from "./event.ts";

const LIMITS = { trip: 1000, slack: 500 };
const END = 100_000;
const session = (more: Partial<Seen> = {}): Outcome => ({
  kind: "session",
  session: { id: "s1", data: {}, expiresAt: END, absoluteExpiresAt: 2 * END, ...more },
});
const absent: Outcome = { kind: "absent" };
const done: Outcome = { kind: "done" };
const failed: Outcome = { kind: "failed", code: "STORE_TIMEOUT" };

const event = (
  what: SoakEvent["what"],
  calledAt: number,
  returnedAt: number,
  outcome: Outcome,
  more: Partial<SoakEvent> = {},
): SoakEvent => ({ what, calledAt, returnedAt, user: "u1", outcome, id: "s1", ...more });

/** A log-in of `u1` that others' events of a test are about. */
const { id: _, ...created } = event("create", 10, 20, session());
const get = (calledAt: number, outcome: Outcome): SoakEvent => event("get", calledAt, calledAt + 5, outcome);
const update = (calledAt: number, value: number, outcome: Outcome): SoakEvent =>
  event("update", calledAt, calledAt + 5, outcome, { wrote: { register: "r", value } });
const endUser = (calledAt: number, returnedAt: number, outcome: Outcome): SoakEvent => {
  const { id: __, ...everywhere } = event("destroyByUser", calledAt, returnedAt, outcome);
  return everywhere;
};
const listed = (calledAt: number, ids: string[], unknown = 0): SoakEvent => {
  const { id: __, ...all } = event("listByUser", calledAt, calledAt + 5, { kind: "listed", ids, unknown });
  return all;
};

test.each<[string, SoakEvent[]]>([
  ["a session that was destroyed is absent", [event("destroy", 30, 40, done), get(50, absent)]],
  [
    "one that is being destroyed is there or not",
    [event("destroy", 30, 60, done), get(35, session()), get(50, absent)],
  ],
  [
    "a destroy that failed may have happened, or happen later",
    [event("destroy", 30, 40, failed), get(50, session()), get(60, absent)],
  ],
  [
    "a regenerate moves it",
    [
      event("regenerate", 30, 40, session({ id: "s2" })),
      get(50, absent),
      event("get", 50, 55, session({ id: "s2" }), { id: "s2" }),
    ],
  ],
  [
    "destroyByUser may spare one that is being made",
    [endUser(15, 30, { kind: "ended", count: 0 }), get(40, session())],
  ],
  ["an end that has come is one", [get(END, absent)]],
  [
    "a write that failed is seen or not",
    [update(30, 1, failed), get(40, session()), get(50, session({ data: { r: 1 } }))],
  ],
  [
    "a write under way is seen or not",
    [
      event("update", 30, 60, session({ data: { r: 1 } }), { wrote: { register: "r", value: 1 } }),
      get(40, session()),
    ],
  ],
  [
    "an extension that came within a regenerate may not count",
    [
      event("regenerate", 30, 60, session({ id: "s2" })),
      event("refresh", 40, 50, session({ expiresAt: END + 5 })),
    ],
  ],
])("agrees: %s", (__, events) => {
  expect(checkHistory([created, ...events], LIMITS)).toEqual([]);
});

test.each<[SoakViolation["guarantee"], string, SoakEvent[]]>([
  ["G1", "destroyed, then there", [event("destroy", 30, 40, done), get(50, session())]],
  ["G1", "absent, then there", [event("destroy", 30, 40, failed), get(50, absent), get(60, session())]],
  [
    "G1",
    "the old id opens it after a regenerate",
    [event("regenerate", 30, 40, session({ id: "s2" })), get(50, session())],
  ],
  [
    "G1",
    "destroyed, then changed",
    [event("destroy", 30, 40, done), update(50, 1, session({ data: { r: 1 } }))],
  ],
  [
    "G2",
    "a write that was acknowledged is not there",
    [update(30, 1, session({ data: { r: 1 } })), get(40, session())],
  ],
  [
    "G2",
    "nor under the next id",
    [update(30, 1, session({ data: { r: 1 } })), event("regenerate", 40, 50, session({ id: "s2" }))],
  ],
  [
    "G2",
    "an older value is back",
    [
      update(30, 1, session({ data: { r: 1 } })),
      update(40, 2, session({ data: { r: 2 } })),
      get(50, session({ data: { r: 1 } })),
    ],
  ],
  ["G2", "a value that nobody wrote", [get(30, session({ data: { r: 1 } }))]],
  ["G3", "the end moves back", [get(30, session({ expiresAt: END - 1 }))]],
  ["G3", "a touch does not count", [event("touch", 5000, 5010, done, { ttl: END }), get(5020, session())]],
  [
    "G3",
    "it moves back by a regenerate",
    [
      event("refresh", 30, 40, session({ expiresAt: END + 5 })),
      event("regenerate", 50, 60, session({ id: "s2" })),
    ],
  ],
  ["G3", "there after its end", [get(END + 10, session())]],
  ["G3", "beyond the absolute end", [get(30, session({ expiresAt: 2 * END + 1 }))]],
  ["G3", "the absolute end moves", [get(30, session({ absoluteExpiresAt: 3 * END }))]],
  ["G5", "survives destroyByUser", [endUser(30, 40, { kind: "ended", count: 0 }), get(50, session())]],
  [
    "G5",
    "so does what it moved to",
    [
      endUser(30, 60, { kind: "ended", count: 1 }),
      event("regenerate", 40, 50, session({ id: "s2" })),
      event("get", 70, 75, session({ id: "s2" }), { id: "s2" }),
    ],
  ],
  ["G5", "a live session is not listed", [listed(30, []), get(40, session())]],
  ["G5", "a session that nobody made is listed", [listed(30, ["s1"], 1), get(40, session())]],
  [
    "G5",
    "more are ended than there are",
    [listed(30, ["s1"]), get(40, session()), endUser(50, 60, { kind: "ended", count: 2 })],
  ],
  ["G6", "a live one is absent", [get(30, absent)]],
  ["G6", "also to an update", [update(30, 1, absent)]],
  ["G6", "a call that takes too long", [event("get", 30, 1600, session())]],
])("objects, %s: %s", (guarantee, __, events) => {
  expect(checkHistory([created, ...events], LIMITS).map((violation) => violation.guarantee)).toEqual([
    guarantee,
  ]);
});
