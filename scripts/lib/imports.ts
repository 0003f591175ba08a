export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Erased by the compiler: `import type`, `export type`, not a `type` among the names between the braces. */
  readonly typeOnly: boolean;
}

/**
 * A statement begins its line, as the formatter sees to; that tells it from one quoted in a comment or a string.
 * What is between the keyword and `from` has no quote and no semicolon.
 */
const STATEMENT = /^(?:import|export)\b(\s+type\b(?!\s*(?:,|from\b)))?(?:[^"';`]*?\bfrom)?\s*"([^"\n]+)"/gm;
const DYNAMIC = /^(?!\s*(?:\/\/|\*)).*?\b(?:import|require)\(\s*"([^"\n]+)"/gm;

/** Every import and re-export of a source file that is formatted as this repository's are. */
export function scanImports(source: string): Import[] {
  const lineAt = (index: number): number => source.slice(0, index).split("\n").length;
  const found: Import[] = [];
  for (const match of source.matchAll(STATEMENT)) {
    const [, type, specifier = ""] = match;
    found.push({ specifier, line: lineAt(match.index), typeOnly: type !== undefined });
  }
  for (const match of source.matchAll(DYNAMIC)) {
    const [text, specifier = ""] = match;
    found.push({ specifier, line: lineAt(match.index + text.length), typeOnly: false });
  }
  return found.sort((one, other) => one.line - other.line);
}

/** `@scope/name` of `@scope/name/path`; undefined for a relative import and for what the runtime brings. */
export function packageOf(specifier: string): string | undefined {
  if (/^\.|^\/|^(node|bun):|^bun$/.test(specifier)) return undefined;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
