import { createRequire } from "node:module";

const session = createRequire(import.meta.url)("express-session");
