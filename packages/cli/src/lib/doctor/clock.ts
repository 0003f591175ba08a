import { duration } from "../output/times.ts";
import { error, type Finding, ok, warning } from "./finding.ts";

/** Milliseconds that clocks may differ before it is worth a word; that a session may end early or late by. */
const CLOCK_WARNING = 1000;
const CLOCK_ERROR = 60_000;

export interface ComparedClocks {
  /** Milliseconds by which the server's is ahead of this machine's. */
  readonly clockOffset: number;
  readonly roundTrip: number;
}

export function examineClock(name: string, { clockOffset, roundTrip }: ComparedClocks): Finding {
  const check = "clock";
  const distance = Math.abs(clockOffset);
  // It cannot be told better than that.
  if (distance <= CLOCK_WARNING + roundTrip) return ok(check, `${name} has the same time as this machine.`);
  const direction = clockOffset > 0 ? "ahead of" : "behind";
  const message = `The clock of ${name} is ${duration(distance)} ${direction} this machine's: sessions end ${clockOffset > 0 ? "early" : "late"} by that.`;
  const advice = "Let both machines take their time from the network (NTP).";
  return (distance > CLOCK_ERROR ? error : warning)(check, message, advice);
}
