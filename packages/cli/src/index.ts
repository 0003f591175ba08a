export { type Output, runCommandLine } from "./lib/run-command-line.ts";
