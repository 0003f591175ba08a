import { setDefaultTimeout } from "bun:test";

// `timeout` in bunfig.toml is not read. No test should come near this: it only ends one that hangs.
setDefaultTimeout(30_000);
