const LITERAL = /^[\w\-.~!$&'()+,;=@%]*$/;
const NAME = /^:[\w-]+$/;
const NAMES = /:[\w-]+/g;

/**
 * The prefix of a group and a path within it. The path "/" is the prefix itself: Bun tells "/users" and "/users/"
 * apart, and nobody means the latter. Throws like {@link checkPath}.
 */
export function joinPaths(prefix: string, path: string): string {
  checkPath(path);
  if (prefix === "/") return path;
  const joined = path === "/" ? prefix : prefix + path;
  checkPath(joined);
  return joined;
}

/** Throws for what no path can follow. */
export function checkPrefix(prefix: string): void {
  checkPath(prefix);
  if (prefix !== "/" && /[/*]$/.test(prefix)) {
    throw new Error(`The prefix ${JSON.stringify(prefix)} ends with ${JSON.stringify(prefix.slice(-1))}.`);
  }
}

/**
 * Throws for a path that Bun would refuse, or take in silence and match otherwise than it reads. What is left: segments
 * of literal text (ASCII, percent-encoded), whole segments `:name`, and `*` at the end for the rest of the path.
 */
function checkPath(path: string): void {
  if (typeof path !== "string" || !path.startsWith("/")) {
    throw new Error(`The path ${JSON.stringify(path)} does not start with "/".`);
  }
  const segments = path.slice(1).split("/");
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === "" || segment === "*" ? last : LITERAL.test(segment) || NAME.test(segment)) continue;
    throw new Error(
      `The path ${JSON.stringify(path)} has a segment ${JSON.stringify(segment)}: a segment is literal text ` +
        `(other than ASCII percent-encoded), a whole ":name", or "*" at the end.`,
    );
  }
  const names = path.match(NAMES) ?? [];
  if (new Set(names).size !== names.length) {
    throw new Error(`The path ${JSON.stringify(path)} has two parameters of one name.`);
  }
}

/** The same for paths that match the same requests: those that differ only in what they call their parameters. */
export function pathShape(path: string): string {
  return path.replaceAll(NAMES, ":");
}
