export { type Browser, createBrowser } from "./browser.ts";
export { createFourMethodStore } from "./four-method-store.ts";
export { type Gate, type GatedStore, gate } from "./gated-store.ts";
export { requireServer, type ServerProgram } from "./require-server.ts";
export { selfSigned } from "./self-signed.ts";
export { cookieValuesIn, type Dump, replay } from "./stolen-store.ts";
export { createTestClock, type TestClock } from "./test-clock.ts";
