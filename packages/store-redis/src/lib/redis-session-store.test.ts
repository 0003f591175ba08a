import { expect, test } from "bun:test";
import { createRedisSessionStore, type RedisSessionStoreOptions } from "./redis-session-store.ts";

const client = {
  get: async () => null,
  set: async () => "OK",
  expire: async () => 1,
  del: async () => 1,
};

function refusalOf(options: object): unknown {
  try {
    createRedisSessionStore(options as RedisSessionStoreOptions);
  } catch (error) {
    return error;
  }
  return undefined;
}

const { del: _, ...threeMethods } = client;
const wrongClients: readonly [name: string, client: unknown, shown: string][] = [
  ["none", undefined, "undefined"],
  ["null", null, "null"],
  ["a URL", "redis://localhost", '"redis://localhost"'],
  ["a number", 6379, "6379"],
  ["an empty object", {}, "an object"],
  ["three methods of four", threeMethods, "an object"],
  ["methods that are none", { ...client, get: "get" }, "an object"],
  ["the promise of a client", Promise.resolve(client), "an object"],
  ["a function that was to be called", () => client, "a function"],
  ["a list of clients", [client], "an object"],
];

test.each(wrongClients)("the client %s is refused, naming the option and its value", (__, wrong, shown) => {
  const refusal = refusalOf({ client: wrong });
  expect(refusal).toMatchObject({ name: "SessionError", code: "INVALID_OPTION" });
  expect(String(refusal)).toContain(`The option client is ${shown};`);
});

test.each(["{app}:", "app{", "}", "a{b}c"])(
  "the keyPrefix %j would bind all keys to one node",
  (keyPrefix) => {
    const refusal = refusalOf({ client, keyPrefix });
    expect(refusal).toMatchObject({ name: "SessionError", code: "INVALID_OPTION" });
    expect(String(refusal)).toContain(`The option keyPrefix is ${JSON.stringify(keyPrefix)};`);
  },
);

test.each([1, null, {}])("the keyPrefix %j is no text", (keyPrefix) => {
  expect(refusalOf({ client, keyPrefix })).toMatchObject({ code: "INVALID_OPTION" });
});

test("the prefix is put before every key, and the manager is told that there is one", async () => {
  const keys: string[] = [];
  const store = createRedisSessionStore({
    client: {
      ...client,
      get: async (key: string) => {
        keys.push(key);
        return null;
      },
    },
    keyPrefix: "app:session:",
  });
  expect(store.keyPrefix).toBe("app:session:");
  await store.get("some");
  expect(keys).toEqual(["app:session:id:some"]);
  expect(createRedisSessionStore({ client }).keyPrefix).toBe("session:");
});
