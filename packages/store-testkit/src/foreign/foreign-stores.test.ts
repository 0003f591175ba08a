import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { startRedis } from "@ventostack/testing/redis";
import { checkSessionStore, sessionStoreCases } from "../index.ts";
import {
  connectRedis,
  expressMemoryStore,
  type ForeignStore,
  memoryStore,
  sessionFileStore,
} from "./foreign-stores.test-kit.ts";
import { brokenBy, type Report, tableIn, tableOf } from "./table.test-kit.ts";

const page = await Bun.file(join(import.meta.dir, "../../../../docs/writing-a-store.md")).text();
const server = await startRedis();
afterAll(() => server.stop());

const stores = [await connectRedis(server), memoryStore(), sessionFileStore(), expressMemoryStore()];
const reports: Report[] = [];
for (const store of stores) reports.push(await report(store));

async function report({ name, context, failsWithin, close }: ForeignStore): Promise<Report> {
  const cases = sessionStoreCases.filter(({ needs }) => failsWithin || !needs.includes("steps"));
  const results = await checkSessionStore(context, cases);
  await close();
  return { name, results };
}

test("what each of them keeps is what the documentation says", () => {
  expect(tableIn(page, stores[0]?.name ?? "")).toEqual(tableOf(reports));
});

describe("the cases that find something are named in the documentation:", () => {
  test.each(reports.map((found) => [found.name, found] as const))("%s", (_, found) => {
    expect(brokenBy(found)).not.toBeEmpty();
    for (const name of brokenBy(found)) expect(page).toContain(name);
  });
});
