export { redisOptions } from "./lib/create-session-store.ts";
