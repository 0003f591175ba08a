import type { HttpResults } from "./results.ts";

const WIDTH = 860;
const LABELS = 330;
const BAR = 16;
const GAP = 6;
const colours = { floor: "#8c959f", ours: "#1a7f37", peer: "#0969da" };

interface Bar {
  readonly title: string;
  readonly kind: keyof typeof colours;
  readonly value: number;
}

interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** Bars of CPU time per request, one panel for each group of servers: a page of its own, as SVG without scripts. */
export function chart({ groups, machine }: HttpResults): string {
  const panels: Panel[] = groups.map(({ title, rows }) => ({
    title,
    bars: rows.map(({ title: name, kind, cpuMicroseconds }) => ({
      title: name,
      kind,
      value: cpuMicroseconds.median,
    })),
  }));
  let y = 34;
  const parts: string[] = [];
  for (const { title, bars } of panels) {
    const longest = Math.max(...bars.map(({ value }) => value));
    parts.push(`<text class="title" x="16" y="${y + 14}">${escaped(title)}</text>`);
    y += 26;
    for (const { title: name, kind, value } of bars) {
      const width = Math.max(1, Math.round(((WIDTH - LABELS - 70) * value) / longest));
      parts.push(
        `<text x="${LABELS - 8}" y="${y + 12}" text-anchor="end">${escaped(name)}</text>`,
        `<rect x="${LABELS}" y="${y}" width="${width}" height="${BAR}" fill="${colours[kind]}"/>`,
        `<text x="${LABELS + width + 6}" y="${y + 12}">${value.toFixed(1)}</text>`,
      );
      y += BAR + GAP;
    }
    y += 16;
  }
  const caption = `Server CPU time per request in µs, median; ${machine.cpu}, ${machine.cores} cores, Bun ${machine.bun}, ${machine.date}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${escaped(caption)}">`,
    "<style>text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:14px}</style>",
    `<rect width="${WIDTH}" height="${y}" fill="#ffffff"/>`,
    `<text x="16" y="20">${escaped(caption)}</text>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
