import { describe, expect, test } from "bun:test";
import { checkSessionStore, describeSessionStore, sessionStoreCases } from "../index.ts";
import { basicMutants } from "./basic.test-kit.ts";
import { byUserMutants } from "./by-user.test-kit.ts";
import { deadStaysDeadMutants } from "./dead-stays-dead.test-kit.ts";
import { expiryMutants } from "./expiry.test-kit.ts";
import { faultMutants } from "./faults.test-kit.ts";
import { halfWrittenMutants } from "./half-written.test-kit.ts";
import { lostUpdateMutants } from "./lost-updates.test-kit.ts";
import { meaningMutants } from "./meaning.test-kit.ts";
import { contextOf, type Mutant } from "./mutant.test-kit.ts";

const mutants = [
  ...basicMutants,
  ...deadStaysDeadMutants,
  ...lostUpdateMutants,
  ...expiryMutants,
  ...halfWrittenMutants,
  ...byUserMutants,
  ...faultMutants,
  ...meaningMutants,
];

/** The names of the cases that notice, of those about the guarantee that is broken. */
async function noticedBy({ breaks, make }: Mutant): Promise<string[]> {
  const cases = sessionStoreCases.filter(({ guarantee }) => guarantee === breaks);
  const results = await checkSessionStore(contextOf(make), cases);
  return results.filter(({ outcome }) => outcome === "broken").map(({ name }) => name);
}

const noticed = new Map<Mutant, readonly string[]>();
for (const mutant of mutants) noticed.set(mutant, await noticedBy(mutant));

const { createStore, ...options } = contextOf();
describeSessionStore("the store of which each mutant is a copy", createStore, options);

describe("a store that is broken in one way is caught:", () => {
  test.each(mutants.map((mutant) => [`${mutant.breaks} ${mutant.name}`, mutant] as const))(
    "%s",
    (_, mutant) => {
      expect(noticed.get(mutant)).toContain(mutant.caughtBy);
    },
  );
});

test("no mutant is there twice", () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test("every case catches a mutant: there is none that cannot fail", () => {
  const needed = new Set([...noticed.values()].flat());
  expect(sessionStoreCases.filter(({ name }) => !needed.has(name)).map(({ name }) => name)).toEqual([]);
});

test("no two cases have one name", () => {
  expect(new Set(sessionStoreCases.map(({ name }) => name)).size).toBe(sessionStoreCases.length);
});
