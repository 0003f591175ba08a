import { expect, test } from "bun:test";
import type { RedisServerFacts } from "@ventostack/store-redis/inspect";
import { examineServers } from "./redis-servers.ts";

// What a server of these tests cannot be brought to say.

const sound: RedisServerFacts = {
  address: "db:6379",
  product: "Redis",
  version: "7.0.15",
  role: "master",
  evictionPolicy: "noeviction",
  maxMemory: 0,
  clockOffset: 0,
  roundTrip: 1,
  appendOnly: true,
  isSavingBroken: false,
};

function faultsOf(facts: Partial<RedisServerFacts>): string[] {
  const found = examineServers([{ ...sound, ...facts }]);
  return found.filter(({ level }) => level !== "ok").map(({ check, level }) => `${check}: ${level}`);
}

test("nothing is wrong with a sound server", () => {
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf({ version: "6.2.0" })).toEqual([]);
  expect(faultsOf({ product: "Valkey", version: "8.1.0" })).toEqual([]);
});

test.each(["6.0.16", "5.0.7", "2.8.0"])("Redis %s is too old", (version) => {
  expect(faultsOf({ version })).toEqual(["server-version: error"]);
});

test("a server that cannot write to its disk is found", () => {
  expect(faultsOf({ isSavingBroken: true })).toEqual(["persistence: error"]);
});

test("what a server may not say is no fault", () => {
  const { version, role, evictionPolicy, appendOnly, ...silent } = sound;
  const found = examineServers([silent]).filter(({ level }) => level !== "ok" && level !== "note");
  expect(found).toEqual([]);
});
