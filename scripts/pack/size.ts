import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Violation } from "../lib/violation.ts";
import { type Manifest, repository } from "../lib/workspace.ts";

export interface PackageSize {
  readonly name: string;
  /** Bytes of all its entries as one bundle, without its dependencies. */
  readonly minified: number;
  readonly gzipped: number;
}

/**
 * Bytes, minified and compressed, above which the check fails, so that no package grows unseen. To raise one is fine
 * where the change is worth it.
 */
const LIMITS: Readonly<Record<string, number>> = {
  "@ventostack/auth": 2000,
  "@ventostack/cache": 200,
  // Plugins of five frameworks, of which an application loads one.
  "@ventostack/middleware-cookie": 20_000,
  "@ventostack/router": 3000,
  // Sessions in buffers of bytes, with what finds, moves and clears them there.
  "@ventostack/store-memory": 7000,
  // With the inspector, which an application does not load.
  "@ventostack/store-redis": 14_000,
  // Cases and what they say when they fail: nothing that an application loads.
  "@ventostack/store-testkit": 20_000,
};

/** For a package without a limit of its own. */
const DEFAULT_LIMIT = 12_000;

/** What the package by itself adds to a program: its `dist`, without what it imports of others. */
export async function measureSize(path: string, { name = "", exports = {} }: Manifest): Promise<PackageSize> {
  const entries = Object.values(exports) as { default: string }[];
  const { outputs } = await Bun.build({
    entrypoints: entries.map((entry) => join(repository, path, entry.default)),
    minify: true,
    packages: "external",
    splitting: true,
    target: "bun",
  });
  const chunks = await Promise.all(outputs.map((output) => output.arrayBuffer()));
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  return {
    name,
    minified: sum(chunks.map(({ byteLength }) => byteLength)),
    gzipped: sum(chunks.map((chunk) => gzipSync(new Uint8Array(chunk), { level: 9 }).length)),
  };
}

export function limitOf(name: string): number {
  return LIMITS[name] ?? DEFAULT_LIMIT;
}

export function checkSize({ name, gzipped }: PackageSize): Violation[] {
  const limit = limitOf(name);
  if (gzipped <= limit) return [];
  const message = `has ${gzipped} bytes, minified and compressed, of at most ${limit}: see scripts/pack/size.ts`;
  return [{ file: name, message }];
}
