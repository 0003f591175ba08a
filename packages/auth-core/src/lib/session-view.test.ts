import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import type { StoredSession } from "./session-store.ts";
import { toSession, toSessionInfo } from "./session-view.ts";

const stored: StoredSession = {
  id: "key",
  data: { userId: "u1", cart: { items: 1 } },
  expiresAt: 9,
  createdAt: 5,
  userKey: "u1",
  revision: 1,
  version: 1,
  notes: { authenticatedAt: 7, device: { label: "phone" } },
};
const plain = {
  id: "the-secret",
  data: { userId: "u1", cart: { items: 1 } },
  expiresAt: 9,
  createdAt: 5,
  authenticatedAt: 7,
  device: { label: "phone" },
};

describe("[SEC-09] a session that is printed", () => {
  const session = toSession("the-secret", stored);

  test.each<[string, (value: unknown) => string]>([
    ["Bun.inspect, as console.log has it", (value) => Bun.inspect(value, { depth: 10 })],
    ["util.inspect", (value) => inspect(value, { depth: 10 })],
  ])("by %s shows everything but its id, at any depth", (_, print) => {
    const nested = { state: { list: [session], map: new Map([["a", session]]) } };
    for (const value of [session, [session], nested, { a: { b: nested } }]) {
      const printed = print(value);
      expect(printed).not.toContain("the-secret");
      expect(printed).toContain("[redacted]");
      expect(printed).toContain("phone");
    }
  });

  test("as the cause of an error shows no id", () => {
    const error = new Error("x", { cause: session });
    expect(Bun.inspect(error) + inspect(error)).not.toContain("the-secret");
  });

  test("by console.log shows no id", async () => {
    const program = `
      import { toSession } from ${JSON.stringify(import.meta.resolve("./session-view.ts"))};
      const session = toSession("the-secret", ${JSON.stringify(stored)});
      console.log(session, { session });
      console.error("%o %O", session, session);`;
    const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "pipe" });
    const printed = (await child.stdout.text()) + (await child.stderr.text());
    expect(await child.exited).toBe(0);
    expect(printed.match(/\[redacted\]/g)).toHaveLength(4);
    expect(printed).not.toContain("the-secret");
  });

  test("is in every other way the plain object of the documents", () => {
    expect(session).toEqual(plain);
    expect(session).toStrictEqual(plain);
    expect({ ...session }).toEqual(plain);
    expect(structuredClone(session)).toEqual(plain);
    expect(JSON.parse(JSON.stringify(session))).toEqual(plain);
    expect(Object.keys(session)).toEqual(Object.keys(plain));
    expect(typeof session.id).toBe("string");
  });
});

test("a session has no fields for what is not known", () => {
  const { notes: _, userKey: __, ...bare } = stored;
  expect(Object.keys(toSession("the-secret", { ...bare, createdAt: 0 }))).toEqual([
    "id",
    "data",
    "expiresAt",
  ]);
});

test("a listing shows the notes, and neither id nor key", () => {
  const { id: _, ...shown } = plain;
  expect(toSessionInfo("the-handle", stored)).toEqual({ handle: "the-handle", ...shown });
});
