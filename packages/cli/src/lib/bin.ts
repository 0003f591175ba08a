#!/usr/bin/env bun
import { runCommandLine } from "./run-command-line.ts";

const exitCode = await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  environment: process.env,
});
// Not `process.exit`: what was printed may still be on its way into a pipe.
process.exitCode = exitCode;
