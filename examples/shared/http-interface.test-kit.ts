import { describeData } from "./http/data.test-kit.ts";
import { describeEvents } from "./http/events.test-kit.ts";
import { describeHostileRequests } from "./http/hostile-requests.test-kit.ts";
import { describeLifetime } from "./http/lifetime.test-kit.ts";
import { describeOnRedis } from "./http/on-redis.test-kit.ts";
import { describeOtherSites } from "./http/other-sites.test-kit.ts";
import { describePathsAndMethods } from "./http/paths-and-methods.test-kit.ts";
import { describeRaces } from "./http/races.test-kit.ts";
import { describeSessionsOfAUser } from "./http/sessions-of-a-user.test-kit.ts";
import { describeSigningIn } from "./http/signing-in.test-kit.ts";
import { describeStoreDown } from "./http/store-down.test-kit.ts";
import { createWorlds, type StartApp } from "./http/world.test-kit.ts";

export { describeProgram } from "./http/program.test-kit.ts";
export type { AppSettings, RunningApp, StartApp } from "./http/world.test-kit.ts";

/** The HTTP interface that every example serves, as black-box tests, on memory and on Redis. */
export function describeHttpInterface(name: string, start: StartApp): void {
  const world = createWorlds(start);
  describeSigningIn(name, world);
  describeLifetime(name, world);
  describeHostileRequests(name, world);
  describeData(name, world);
  describeSessionsOfAUser(name, world);
  describeEvents(name, world);
  describeRaces(name, world);
  describeStoreDown(name, world);
  describeOtherSites(name, world);
  describePathsAndMethods(name, world);
  describeOnRedis(name, start);
}
