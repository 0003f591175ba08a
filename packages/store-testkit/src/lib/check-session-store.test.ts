import { expect, test } from "bun:test";
import { createFourMethodStore } from "@ventostack/testing";
import { contextOf } from "../mutants/mutant.test-kit.ts";
import { type CaseResult, checkSessionStore } from "./check-session-store.ts";

const reasonsIn = (results: readonly CaseResult[]): Set<string> =>
  new Set(results.flatMap((result) => (result.outcome === "skipped" ? result.reason : [])));

const brokenIn = (results: readonly CaseResult[]): string[] =>
  results.filter(({ outcome }) => outcome === "broken").map(({ name }) => name);

test("four methods are enough to pass: what they lack is skipped, and said", async () => {
  const context = contextOf(({ store }) => ({
    ...Object.fromEntries(Object.keys(store).map((name) => [name, undefined])),
    get: store.get,
    set: store.set,
    delete: store.delete,
    touch: store.touch,
  }));
  const results = await checkSessionStore(context);
  expect(brokenIn(results)).toEqual([]);
  expect(results.filter(({ outcome }) => outcome === "kept").length).toBeGreaterThan(40);
  const methods = ["load", "insert", "replace", "refresh", "remove", "listByUser", "deleteByUser", "close"];
  expect(reasonsIn(results)).toEqual(new Set(methods.map((method) => `the store has no method ${method}`)));
});

test("a store that keeps the objects it is given, as one would write it by hand, is told so", async () => {
  const createStore = ({ clock }: { clock: () => number }) => createFourMethodStore(clock);
  const broken = brokenIn(await checkSessionStore({ createStore, time: "given" }));
  expect(broken).toContain("what set is given and get gives shares no memory with the store");
  expect(broken).toContain("two reads share no memory with each other");
});

test("what a store declares itself unable to do is not asked of it", async () => {
  const capabilities = { atomic: false, byUser: true };
  const results = await checkSessionStore(contextOf(() => ({ capabilities })));
  expect(brokenIn(results)).toEqual([]);
  expect([...reasonsIn(results)]).toEqual(["the store declares that it is not atomic"]);
});

test("what the context does not offer is skipped, and said", async () => {
  const { createStore } = contextOf();
  const results = await checkSessionStore({ createStore });
  expect(reasonsIn(results)).toEqual(
    new Set(["the context has no connectAgain", "the context has no sizeOf"]),
  );
});

test("a store that cannot be opened breaks every case, and ends none of them early", async () => {
  const results = await checkSessionStore({
    createStore() {
      throw new Error("down");
    },
  });
  expect(results.every(({ outcome }) => outcome === "broken")).toBe(true);
});
