import { expect, test } from "bun:test";
import fc from "fast-check";
import { createKeys } from "./keys.ts";

const text = fc.string({ unit: "binary" });

test("keys begin with the prefix, and a session's ends with its id", () => {
  const keys = createKeys("app:session:");
  expect(keys.session("abc")).toBe("app:session:id:abc");
  expect(keys.user("ada@example.com")).toMatch(/^app:session:user:[\w-]{43}$/);
});

test("no id, whatever it holds, is the key of a user's set", () => {
  const keys = createKeys("");
  fc.assert(fc.property(text, text, (id, user) => expect(keys.session(id)).not.toBe(keys.user(user))));
});

test("two users have two sets, and one user has one", () => {
  const keys = createKeys("");
  fc.assert(
    fc.property(text, text, (one, other) => expect(keys.user(one) === keys.user(other)).toBe(one === other)),
  );
});

test("no name of a user makes a hash tag, which would bind keys to a node of a Cluster", () => {
  fc.assert(fc.property(text, (user) => expect(createKeys("p:").user(`{${user}}`)).not.toMatch(/[{}]/)));
});
