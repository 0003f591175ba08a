import type { Mutation } from "./mutation.ts";
import { core, memory, redis, shown, shownOnRedis, sql, sqlTests } from "./paths.ts";

export const g9: readonly Mutation[] = [
  {
    breaks: "core: a __proto__ key is copied",
    file: `${core}/session-data.ts`,
    find: `if (key === "__proto__") continue;`,
    replace: "",
    test: `${shown}/g9-same-meaning-everywhere.test.ts`,
    only: "__proto__ is dropped",
  },
  {
    breaks: "core: NaN becomes null in silence",
    file: `${core}/session-data.ts`,
    find: `if (!Number.isFinite(plain)) throw invalid(path, \`is \${plain}\`, "use null or leave it out");`,
    replace: "",
    test: `${shown}/g9-same-meaning-everywhere.test.ts`,
    only: "what JSON would lose is refused",
  },
  {
    breaks: "core: a Map becomes an empty object in silence",
    file: `${core}/session-data.ts`,
    find: "if (ArrayBuffer.isView(value) || REFUSED_OBJECTS.test(tag)) {",
    replace: "if (ArrayBuffer.isView(value)) {",
    test: `${shown}/g9-same-meaning-everywhere.test.ts`,
    only: "what JSON would lose is refused",
  },
  {
    breaks: "four methods: the store shares memory with the caller",
    file: `${core}/plain-store.ts`,
    find: "data: structuredClone(session.data)",
    replace: "data: session.data",
    test: `${shown}/g9-same-meaning-everywhere.test.ts`,
    only: "shares no memory",
  },
  {
    breaks: "memory: halves of surrogate pairs in keys become one and the same",
    file: `${memory}/encoded-name.ts`,
    find: "const isWide = length !== name.length;",
    replace: "const isWide = length < 0;",
    test: `${memory}/entry-table.test.ts`,
    only: "half of a surrogate pair",
  },
  {
    breaks: "Redis: data that ends like a field of the record is taken for it",
    file: `${redis}/scripts.ts`,
    find: `',"old":"([%w_-]+)"}$'`,
    replace: `',"old":"([%w_-]+)"}+$'`,
    test: `${shownOnRedis}/g9-same-meaning-everywhere.test.ts`,
    only: "data that ends like",
  },
  {
    breaks: "SQL: keys are not escaped",
    file: `${sql}/key-text.ts`,
    find: "return key.replaceAll(/[^!-[\\]-~]/g,",
    replace: "return key.replaceAll(/[^\\0-\\uffff]/g,",
    test: `${sqlTests}/lib/key-text.test.ts`,
  },
];
