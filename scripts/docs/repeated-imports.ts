interface Binding {
  /** `default`, `*`, or the name that the module exports. */
  readonly imported: string;
  readonly local: string;
  readonly typeOnly: boolean;
}

/** Not one that says how to load the module, with `with`. */
const IMPORT = /^import\s+(?:(type)\s+)?([^"';]+?)\s+from\s+"([^"\n]+)";?(?! *with\b)/gm;

/**
 * The same module, with each name imported once: a setup, a block and the one that continues it may each import
 * what they need, as they would by themselves. Every line stays where it is.
 */
export function withoutRepeatedImports(source: string): string {
  const values = new Set<string>();
  for (const [, type, clause = "", specifier = ""] of source.matchAll(IMPORT)) {
    for (const binding of readClause(clause, type !== undefined)) {
      if (!binding.typeOnly) values.add(keyOf(binding, specifier));
    }
  }
  const seen = new Set<string>();
  return source.replace(IMPORT, (statement, type, clause: string, specifier: string) => {
    const kept = readClause(clause, type !== undefined).filter((binding) => {
      const key = keyOf(binding, specifier);
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
    const statements = kept.map((binding) =>
      writeImport(binding, specifier, values.has(keyOf(binding, specifier))),
    );
    return statements.join(" ") + "\n".repeat(statement.split("\n").length - 1);
  });
}

function readClause(clause: string, typeOnly: boolean): Binding[] {
  const bindings: Binding[] = [];
  const [, named = ""] = /\{([^}]*)\}/.exec(clause) ?? [];
  for (const text of clause.replace(/\{[^}]*\}/, "").split(",")) {
    const [, imported = "default", local] = /^\s*(?:(\*)\s+as\s+)?([\w$]+)\s*$/.exec(text) ?? [];
    if (local !== undefined) bindings.push({ imported, local, typeOnly });
  }
  for (const text of named.replace(/\/\/.*/g, "").split(",")) {
    const [, type, imported, local = imported] =
      /^\s*(?:(type)\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(text) ?? [];
    if (imported === undefined || local === undefined) continue;
    bindings.push({ imported, local, typeOnly: typeOnly || type !== undefined });
  }
  return bindings;
}

function keyOf({ imported, local }: Binding, specifier: string): string {
  return `${specifier} ${imported} ${local}`;
}

function writeImport({ imported, local }: Binding, specifier: string, isValue: boolean): string {
  const keyword = isValue ? "import" : "import type";
  if (imported === "default") return `${keyword} ${local} from "${specifier}";`;
  if (imported === "*") return `${keyword} * as ${local} from "${specifier}";`;
  return `${keyword} { ${imported === local ? local : `${imported} as ${local}`} } from "${specifier}";`;
}
