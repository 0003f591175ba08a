/** Columns as wide as what is in them; the last one is not filled up. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((cells) => cells.map(printable));
  const widths = header.map((_, column) =>
    Math.max(...lines.map((cells) => Bun.stringWidth(cells[column] ?? ""))),
  );
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - Bun.stringWidth(cell)))
      .join("  ")
      .trimEnd();
  return `${lines.map(format).join("\n")}\n`;
}

/** What visitors chose (the name of a device) must not steer the terminal of who reads it. */
export function printable(text: string): string {
  return Bun.stripANSI(text).replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");
}
