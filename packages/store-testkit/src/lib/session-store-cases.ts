import { basicCases } from "./cases/basics.ts";
import { boundedCases } from "./cases/bounded.ts";
import { byUserCases } from "./cases/by-user.ts";
import { byUserRaceCases } from "./cases/by-user-races.ts";
import { deadStaysDeadCases } from "./cases/dead-stays-dead.ts";
import { expiryCases } from "./cases/expiry.ts";
import { faultCases } from "./cases/faults.ts";
import { halfWrittenCases } from "./cases/half-written.ts";
import { hostileKeyCases } from "./cases/hostile-keys.ts";
import { isolationCases } from "./cases/isolation.ts";
import { jsonCases } from "./cases/json.ts";
import { lostUpdateCases } from "./cases/lost-updates.ts";
import { memoryIsolationCases } from "./cases/memory-isolation.ts";
import { secrecyCases } from "./cases/secrecy.ts";
import { touchCases } from "./cases/touch.ts";
import { tripCases } from "./cases/trips.ts";
import type { SessionStoreCase } from "./store-case.ts";

/**
 * What every session store has to do. Each case opens stores of its own, and may run at the same time as any other.
 * What a case is about and a store does not declare (an optional method, or `capabilities.atomic`), the case does not
 * ask of it: it then resolves with what is missing.
 */
export const sessionStoreCases: readonly SessionStoreCase[] = [
  ...basicCases,
  ...deadStaysDeadCases,
  ...lostUpdateCases,
  ...expiryCases,
  ...touchCases,
  ...halfWrittenCases,
  ...byUserCases,
  ...byUserRaceCases,
  ...faultCases,
  ...secrecyCases,
  ...boundedCases,
  ...jsonCases,
  ...memoryIsolationCases,
  ...hostileKeyCases,
  ...isolationCases,
  ...tripCases,
];
