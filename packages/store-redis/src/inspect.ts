export {
  createRedisInspector,
  type RedisInspector,
  type RedisInspectorOptions,
  type Scanned,
} from "./lib/redis-inspector.ts";
export type { RedisServerFacts } from "./lib/server-facts.ts";
export type { InspectedSession } from "./lib/session-inspection.ts";
export type { InspectedUserSet } from "./lib/user-set-inspection.ts";
