import type { Mutation } from "./mutation.ts";
import { core, redis, shown, shownOnRedis } from "./paths.ts";

export const g7: readonly Mutation[] = [
  {
    breaks: "core: the store is given the id itself",
    file: `${core}/session-names.ts`,
    find: "prefix + (hashIds ? hashSessionId(id) : id)",
    replace: "prefix + id",
    test: `${shown}/g7-store-cannot-be-replayed.test.ts`,
    only: "no key and no value",
  },
  {
    breaks: "core: whatever is text is looked up",
    file: `${core}/session-id.ts`,
    find: `return typeof value === "string" && ID_SHAPE.test(value);`,
    replace: `return typeof value === "string";`,
    test: `${shown}/g7-store-cannot-be-replayed.test.ts`,
    only: "a malformed id",
  },
  {
    breaks: "core: a random source that fails goes unnoticed",
    file: `${core}/session-id.ts`,
    find: "const bytes = random(new Uint8Array(ID_BYTES));",
    replace:
      "let bytes = new Uint8Array(ID_BYTES).fill(1);\n  try {\n    bytes = random(bytes) as typeof bytes;\n  } catch {}",
    test: `${shown}/g7-store-cannot-be-replayed.test.ts`,
    only: "a failing random source",
  },
  {
    breaks: "core: an error quotes what the store said, whatever that holds",
    file: `${core}/store-trip.ts`,
    find: "return new SessionError(code, message, { cause: error });",
    replace: `return new SessionError(code, message + String(error), { cause: error });`,
    test: `${shown}/g6-absence-is-not-failure.test.ts`,
    only: "its words are not ours",
  },
  {
    breaks: "Redis: a user's name shows in a key",
    file: `${redis}/keys.ts`,
    find: `\${Bun.SHA256.hash(userKey, "base64url")}`,
    replace: `\${userKey}`,
    test: `${shownOnRedis}/g7-store-cannot-be-replayed.test.ts`,
    only: "shows no user in a key",
  },
];
