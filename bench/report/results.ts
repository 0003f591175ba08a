import { join } from "node:path";
import type { Machine } from "../lib/machine.ts";
import type { Spread } from "../lib/statistics.ts";

/** What the result files hold, as far as the report reads it. */
export interface HttpResults {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly groups: readonly HttpGroup[];
}

export interface HttpGroup {
  readonly name: string;
  readonly title: string;
  readonly bases: readonly string[];
  readonly rows: readonly HttpRow[];
}

export interface HttpRow {
  readonly server: string;
  readonly title: string;
  readonly kind: "floor" | "ours" | "peer";
  readonly cpuMicroseconds: Spread;
  readonly requestsPerSecond: Spread;
  readonly p99Milliseconds: Spread;
  readonly over: Readonly<Record<string, Spread>>;
}

export interface OpsResults {
  readonly rounds: number;
  readonly rows: readonly OpsRow[];
  readonly allocations: readonly { readonly operation: string; readonly bytes: number }[];
}

export interface OpsRow {
  readonly store: string;
  readonly operation: string;
  readonly callers: number;
  readonly microseconds: Spread;
  readonly p99: Spread;
  readonly timeOverBare: Spread;
  readonly cpuOverBare: Spread;
}

export interface SessionsScale {
  readonly sessions: number;
  readonly json?: number;
  readonly bytesPerSession: number;
  readonly residentPerSession?: number;
  readonly microseconds: Readonly<Record<string, number>>;
}

export interface ScaleResults {
  readonly memorySessions: readonly SessionsScale[];
  readonly redisSessions: readonly SessionsScale[];
  readonly sessionsOfUser: readonly Readonly<Record<string, string | number>>[];
  readonly cookieHeaders: readonly Readonly<Record<string, string | number>>[];
  readonly sessionData: readonly Readonly<Record<string, string | number>>[];
  readonly redisCluster: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly bundleSizes: readonly Readonly<Record<string, string | number>>[];
  readonly importTimes: Readonly<Record<string, number>>;
}

async function read<Results>(name: string): Promise<Results> {
  return (await Bun.file(join(import.meta.dir, "../results", name)).json()) as Results;
}

export const readHttp = (): Promise<HttpResults> => read("http.json");
export const readOps = (): Promise<OpsResults> => read("ops.json");
export const readScale = (): Promise<ScaleResults> => read("scale.json");
