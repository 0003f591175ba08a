export { type CaseResult, checkSessionStore } from "./lib/check-session-store.ts";
export type { CreateStore, StoreContext, StoreOptions, StoreSetup } from "./lib/context.ts";
export { describeSessionStore } from "./lib/describe-session-store.ts";
export { sessionStoreCases } from "./lib/session-store-cases.ts";
export type { Guarantee, Need, SessionStoreCase, SkippedCase } from "./lib/store-case.ts";
