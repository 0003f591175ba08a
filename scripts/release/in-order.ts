import type { Manifest } from "../lib/workspace.ts";

/** Each package after those it depends on, so that none is on the registry before what it needs. */
export function inOrder<Item extends { readonly manifest: Manifest }>(items: readonly Item[]): Item[] {
  const waiting = [...items];
  const ordered: Item[] = [];
  while (waiting.length > 0) {
    const names = waiting.map(({ manifest }) => manifest.name ?? "");
    const at = waiting.findIndex(({ manifest }) => {
      const needed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
      return !needed.some((name) => names.includes(name));
    });
    if (at < 0) throw new Error(`These packages depend on each other in a circle: ${names.join(", ")}`);
    ordered.push(...waiting.splice(at, 1));
  }
  return ordered;
}
