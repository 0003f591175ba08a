import { expect } from "bun:test";
import type { SessionStore, StoredSession } from "@ventostack/auth-core";
import { until } from "@ventostack/testing/redis";

export type FullStore = Required<SessionStore>;

export interface StoreCase {
  readonly name: string;
  /** `another` gives a store with the same client under other keys, or under the given prefix. */
  run(store: FullStore, another: (keyPrefix?: string) => FullStore): Promise<void>;
}

const HOUR = 3_600_000;

export function sessionOf(id: string, fields: Partial<StoredSession> = {}): StoredSession {
  const now = Date.now();
  return { id, data: {}, createdAt: now, expiresAt: now + HOUR, revision: 0, version: 1, ...fields };
}

const JSON_DATA = {
  text: 'é 漢字 🦊 \u0000 \u2028 "quoted" \\ {braces} \r\n',
  numbers: [0, -1, 1.5, 1e300, 2 ** 53 - 1, 5e-324],
  empty: [{}, [], "", null, false],
  nested: { a: { b: [{ c: [[]] }] } },
  '","user":"mallory","data":{"': '"rev":9,"abs":1',
};

const HOSTILE_IDS = [
  "",
  " ",
  "a b",
  "*",
  "[a-z]?",
  "line\nbreak\r\n*1\r\n$7\r\nFLUSHDB",
  "\u0000",
  "{braces}",
  "{}",
  "}{",
  "user:ada",
  "id:x",
  "漢字🦊",
  "__proto__",
  '"quoted"',
  "x".repeat(2000),
];

export const storeCases: readonly StoreCase[] = [
  {
    name: "every capability is declared and every method is there",
    async run(store) {
      expect(store.capabilities).toEqual({ atomic: true, byUser: true });
      for (const method of [
        "load",
        "insert",
        "replace",
        "refresh",
        "remove",
        "listByUser",
        "deleteByUser",
        "close",
      ])
        expect(store).toHaveProperty(method, expect.any(Function));
    },
  },
  {
    name: "get gives what set was given, and null after delete",
    async run(store) {
      const session = sessionOf("a", { data: JSON_DATA, userKey: "ada", revision: 7 });
      expect(await store.get("a")).toBeNull();
      await store.set(session);
      expect(await store.get("a")).toEqual(session);
      expect(await store.load("a")).toEqual(session);
      await store.set(sessionOf("a", { data: { other: 1 } }));
      expect((await store.get("a"))?.data).toEqual({ other: 1 });
      await store.delete("a");
      expect(await store.get("a")).toBeNull();
      await store.delete("a");
    },
  },
  {
    name: "a session lives until its end, and no longer",
    async run(store) {
      const { expiresAt } = sessionOf("", { expiresAt: Date.now() + 250 });
      await store.set(sessionOf("set", { expiresAt }));
      await store.insert(sessionOf("inserted", { expiresAt }));
      await store.insert(sessionOf("changed", { expiresAt }));
      await store.replace("changed", sessionOf("changed", { revision: 1 }), 0);
      await store.insert(sessionOf("moving", { expiresAt }));
      await store.replace("moving", sessionOf("moved", { revision: 1, expiresAt }), 0);
      for (const id of ["set", "inserted", "changed", "moved"]) {
        await until(async () => (await store.get(id)) === null);
        expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
        expect(await store.load(id)).toBeNull();
        expect(await store.refresh(id, 60)).toBeNull();
        expect(await store.replace(id, sessionOf(id, { revision: 1 }), 0)).toBe("gone");
      }
      await store.set(sessionOf("past", { expiresAt: Date.now() - 1 }));
      expect(await store.get("past")).toBeNull();
    },
  },
  {
    name: "touch extends, and neither shortens nor passes the absolute end nor revives",
    async run(store) {
      const absoluteExpiresAt = Date.now() + 90_000;
      const soon = Date.now() + 20_000;
      await store.set(sessionOf("a", { expiresAt: soon, absoluteExpiresAt }));
      await store.touch("a", 60);
      const end = (await store.get("a"))?.expiresAt ?? 0;
      expect(end).toBeGreaterThan(soon);
      expect(end).toBeLessThanOrEqual(Date.now() + 60_000);
      await store.touch("a", 1);
      expect((await store.get("a"))?.expiresAt).toBe(end);
      await store.touch("a", 3600);
      expect((await store.get("a"))?.expiresAt).toBe(absoluteExpiresAt);
      await store.touch("absent", 60);
      expect(await store.get("absent")).toBeNull();
    },
  },
  {
    name: "refresh extends only below the given time left, for a user's session too",
    async run(store) {
      for (const userKey of [{}, { userKey: "ada" }]) {
        await store.set(sessionOf("a", { expiresAt: Date.now() + 50_000, ...userKey }));
        expect(await store.refresh("a", 100, 40)).toMatchObject({ extended: false });
        const [first, second] = await Promise.all([store.refresh("a", 100, 60), store.refresh("a", 100, 60)]);
        expect([first?.extended, second?.extended].toSorted()).toEqual([false, true]);
        expect((await store.get("a"))?.expiresAt).toBe(first?.session.expiresAt ?? 0);
      }
      expect(await store.refresh("absent", 100)).toBeNull();
    },
  },
  {
    name: "insert writes only where there is none: one of many at once",
    async run(store) {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, at) => store.insert(sessionOf("a", { data: { at } }))),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect((await store.get("a"))?.data).toEqual({ at: outcomes.indexOf(true) });
    },
  },
  {
    name: "replace in place keeps the lifetime, and refuses what has changed or gone",
    async run(store) {
      const session = sessionOf("a", { data: { n: 0 } });
      expect(await store.replace("a", session, 0)).toBe("gone");
      await store.insert(session);
      const next = { ...session, data: JSON_DATA, revision: 1, expiresAt: session.expiresAt + HOUR };
      expect(await store.replace("a", next, 3)).toBe("changed");
      expect(await store.replace("a", next, 0)).toBe("replaced");
      expect(await store.get("a")).toEqual({ ...next, expiresAt: session.expiresAt });
      expect(await store.replace("a", next, 0)).toBe("changed");
    },
  },
  {
    name: "replace under a new id moves the session, and refuses what has changed or gone",
    async run(store) {
      const session = sessionOf("old", { userKey: "ada" });
      const moved = { ...session, id: "new", revision: 1 };
      expect(await store.replace("old", moved, 0)).toBe("gone");
      expect(await store.get("new")).toBeNull();
      await store.insert(session);
      expect(await store.replace("old", moved, 5)).toBe("changed");
      expect(await store.get("new")).toBeNull();
      expect(await store.replace("old", moved, 0)).toBe("replaced");
      expect(await store.get("old")).toBeNull();
      expect(await store.get("new")).toEqual(moved);
      expect(idsOf(await store.listByUser("ada"))).toEqual(["new"]);
    },
  },
  {
    name: "a session that changes hands is found under its new user only",
    async run(store) {
      const session = sessionOf("a", { userKey: "ada" });
      await store.insert(session);
      await store.replace("a", { ...session, userKey: "grace", revision: 1 }, 0);
      expect(await store.deleteByUser("ada")).toBe(0);
      expect(idsOf(await store.listByUser("grace"))).toEqual(["a"]);
      const { userKey: _, ...anonymous } = session;
      await store.replace("a", { ...anonymous, revision: 2 }, 1);
      expect(await store.deleteByUser("grace")).toBe(0);
      expect(await store.get("a")).not.toBeNull();
    },
  },
  {
    name: "deleteByUser ends the user's sessions but one, no other one's, and counts them",
    async run(store) {
      const ids = ["a", "b", "c", "d"];
      for (const id of ids) await store.insert(sessionOf(id, { userKey: "ada" }));
      await store.insert(sessionOf("other", { userKey: "grace" }));
      await store.insert(sessionOf("anonymous"));
      await store.delete("d");
      expect(idsOf(await store.listByUser("ada"))).toEqual(["a", "b", "c"]);
      expect(await store.deleteByUser("ada", { except: "b" })).toBe(2);
      expect(idsOf(await store.listByUser("ada"))).toEqual(["b"]);
      expect(await store.deleteByUser("ada")).toBe(1);
      expect(await store.deleteByUser("ada")).toBe(0);
      expect(await store.listByUser("ada")).toEqual([]);
      for (const id of ["other", "anonymous"]) expect(await store.get(id)).not.toBeNull();
    },
  },
  {
    name: "deleteByUser tells which live sessions it ended, each once",
    async run(store) {
      for (const id of ["a", "b", "c", "d"]) await store.insert(sessionOf(id, { userKey: "ada" }));
      await store.delete("c");
      const ended: string[] = [];
      await store.deleteByUser("ada", { except: "b", onEnded: (id) => ended.push(id) });
      expect(ended.toSorted()).toEqual(["a", "d"]);
      await store.deleteByUser("ada", { except: "b", onEnded: (id) => ended.push(id) });
      expect(ended).toHaveLength(2);
    },
  },
  {
    name: "remove gives the session that it ended to one caller, and null to all others",
    async run(store) {
      const session = sessionOf("a", { userKey: "ada", data: JSON_DATA, notes: { authenticatedAt: 5 } });
      await store.insert(session);
      const answers = await Promise.all(Array.from({ length: 20 }, () => store.remove("a")));
      expect(answers.filter((answer) => answer !== null)).toEqual([session]);
      expect(await store.get("a")).toBeNull();
      expect(await store.listByUser("ada")).toEqual([]);
      expect(await store.remove("a")).toBeNull();
    },
  },
  {
    name: "listByUser lists sessions in the order in which they joined the user",
    async run(store) {
      const inOrder = async (): Promise<string[]> => (await store.listByUser("ada")).map(({ id }) => id);
      for (const id of ["c", "a", "d", "b"]) await store.insert(sessionOf(id, { userKey: "ada" }));
      expect(await inOrder()).toEqual(["c", "a", "d", "b"]);
      await store.replace("c", sessionOf("c", { userKey: "ada", revision: 1 }), 0);
      await store.touch("a", 7200);
      expect(await inOrder()).toEqual(["c", "a", "d", "b"]);
      await store.replace("a", sessionOf("new", { userKey: "ada", revision: 1 }), 0);
      expect(await inOrder()).toEqual(["c", "d", "b", "new"]);
      await store.replace("d", sessionOf("d", { userKey: "grace", revision: 1 }), 0);
      await store.replace("d", sessionOf("d", { userKey: "ada", revision: 2 }), 1);
      expect(await inOrder()).toEqual(["c", "b", "new", "d"]);
    },
  },
  {
    name: "notes stay with the session, through a change and a move",
    async run(store) {
      const notes = { authenticatedAt: 1, device: { userAgent: 'a"}},"old":"x"}', label: "🦊" } };
      const session = sessionOf("a", { userKey: "ada", notes });
      await store.insert(session);
      expect((await store.refresh("a", 7200))?.session.notes).toEqual(notes);
      await store.replace("a", { ...session, data: { a: 1 }, revision: 1 }, 0);
      expect((await store.load("a"))?.notes).toEqual(notes);
      await store.replace("a", { ...session, id: "b", revision: 2 }, 1);
      expect((await store.listByUser("ada")).map((found) => found.notes)).toEqual([notes]);
      await store.set(sessionOf("b"));
      expect(await store.get("b")).not.toHaveProperty("notes");
    },
  },
  {
    name: "ids and users are taken as they are, whatever they hold",
    async run(store) {
      for (const id of HOSTILE_IDS) {
        const session = sessionOf(id, { userKey: id === "" ? "nobody" : id, data: { id } });
        expect(await store.insert(session)).toBe(true);
        expect(await store.get(id)).toEqual(session);
        expect(idsOf(await store.listByUser(session.userKey ?? ""))).toEqual([id]);
      }
      for (const id of HOSTILE_IDS.slice(1)) expect(await store.deleteByUser(id)).toBe(1);
      for (const id of HOSTILE_IDS.slice(1)) expect(await store.get(id)).toBeNull();
      expect(await store.get("")).not.toBeNull();
    },
  },
  {
    name: "stores with other prefixes see none of it",
    async run(store, another) {
      const other = another();
      await store.insert(sessionOf("a", { userKey: "ada" }));
      expect(await other.get("a")).toBeNull();
      expect(await other.insert(sessionOf("a", { userKey: "ada" }))).toBe(true);
      expect(await other.deleteByUser("ada")).toBe(1);
      expect(await store.get("a")).not.toBeNull();
      expect(await another(store.keyPrefix).get("a")).not.toBeNull();
      expect(() => another("{a}:")).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    },
  },
  {
    name: "close ends the store and leaves the client to its owner",
    async run(store, another) {
      await store.insert(sessionOf("a"));
      await store.close();
      await store.close();
      expect(await store.get("a").then(String, String)).toStartWith(
        "Error: The Redis session store has been",
      );
      expect(await another(store.keyPrefix).get("a")).not.toBeNull();
    },
  },
];

export function idsOf(sessions: readonly StoredSession[]): string[] {
  return sessions.map(({ id }) => id).toSorted();
}
