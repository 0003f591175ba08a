import type { StoredSession } from "@ventostack/auth-core";
import { expectSame, expectTrue } from "../expect.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

type Data = StoredSession["data"];

/** What a session's data may hold: it comes back the same, from every client. */
function comesBack(what: string, makeData: () => Data): SessionStoreCase {
  return defineCase({
    name: `data come back as they were: ${what}`,
    guarantee: "G9",
    needs: [],
    async run({ store, other, session }) {
      await store.set(session("a", { data: makeData() }));
      expectSame((await store.get("a"))?.data, makeData(), "the data");
      expectSame((await other.get("a"))?.data, makeData(), "the data that another client gets");
    },
  });
}

function nested(depth: number): Data {
  let data: Data = { end: true };
  for (let level = 0; level < depth; level++) data = level % 2 === 0 ? { list: [data] } : { object: data };
  return data;
}

const LARGE = 256 * 1024;

export const jsonCases: readonly SessionStoreCase[] = [
  comesBack("nothing", () => ({})),
  comesBack("empty objects, lists, texts, null and false", () => ({
    object: {},
    list: [],
    text: "",
    nothing: null,
    no: false,
    yes: true,
    zero: 0,
    lists: [[], [[]], [{}]],
    objects: { a: { b: {} } },
  })),
  comesBack("numbers at their edges", () => ({
    numbers: [0, 1, -1, 1.5, -0.1, 1e21, 1e300, 5e-324, 0.1 + 0.2],
    largest: Number.MAX_VALUE,
    safe: [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53, 2 ** 63, 2 ** 31, -(2 ** 31) - 1],
  })),
  comesBack("texts that look like something else", () => ({
    number: "0123",
    exponent: "1e3",
    no: "false",
    nothing: "null",
    date: "2026-01-31T12:00:00.000Z",
    json: '{"a":1}',
    list: "[1,2]",
    big: "9007199254740993",
  })),
  comesBack("text of every script, with quotes, line breaks and escapes", () => ({
    text: 'é ß 漢字 🦊 👩‍👩‍👧 עברית \u2028 \u2029 \u007f \ufeff "quoted" \\ \' ` {braces} %s $1 ? \t\r\n\b',
    '","data":{"a': '"rev":9,"abs":1}}',
    "ключ 🔑": "значение",
    "": "the empty name",
    " ": " ",
    composed: ["\u00e1", "a\u0301"],
  })),
  comesBack("text with NUL, and with half of a surrogate pair", () => ({
    nul: "a\u0000b\u0000",
    high: "\ud83e",
    low: "\udd8a alone",
    "\u0000": "as a name",
  })),
  comesBack("names that objects have anyway", () => ({
    constructor: 1,
    toString: "text",
    hasOwnProperty: null,
    valueOf: [],
    length: 3,
    ...JSON.parse('{"then":{"then":1}}'),
    toJSON: "no function",
    nested: { constructor: { prototype: {} } },
  })),
  comesBack("names that are numbers", () => ({ "0": "a", "10": "b", "2": "c", "-1": "d", "1.5": "e" })),
  comesBack("200 levels of nesting", () => nested(200)),
  comesBack("a text of 256 kB", () => ({ text: "0123456789abcdé".repeat(LARGE / 16) })),
  comesBack("2,000 names", () => Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`k${at}`, at]))),
  defineCase({
    name: "a __proto__ among the data changes no prototype",
    guarantee: "G9",
    needs: [],
    async run({ store, other, session }) {
      const text =
        '{"__proto__":{"admin":true},"nested":{"__proto__":{"admin":true}},"list":[{"__proto__":[]}]}';
      await store.set(session("a", { data: JSON.parse(text) }));
      for (const client of [store, other]) {
        const data = (await client.get("a"))?.data;
        expectTrue(data !== undefined, "The session has to be there.");
        for (const object of [data, data.nested, (data.list as unknown[])[0], {}]) {
          expectSame(Reflect.get(Object(object), "admin"), undefined, "the inherited property admin");
          expectTrue(Object.getPrototypeOf(object) === Object.prototype, "A prototype has been replaced.");
        }
      }
    },
  }),
];
