const KINDS = ["major", "minor", "patch"] as const;
type Kind = (typeof KINDS)[number];

/** What a file in .changeset says. */
export interface Change {
  readonly kind: Kind;
  readonly text: string;
}

const HEADINGS: Readonly<Record<Kind, string>> = {
  major: "Changes that may need yours",
  minor: "New",
  patch: "Mended",
};

/** The largest change to any package counts: they share one version. */
export function readChange(file: string, text: string): Change {
  const [, front = "", body = ""] = /^---\r?\n(.*?)^---\r?\n(.*)$/ms.exec(text) ?? [];
  const kind = KINDS.find((known) => new RegExp(`: ${known}\\s*$`, "m").test(front));
  if (kind === undefined || body.trim() === "") {
    throw new Error(`${file} is no changeset: it needs a package with its kind of change, and a text.`);
  }
  return { kind, text: body.trim() };
}

/** The changelog with a section for the version above all others. */
export function withVersion(
  changelog: string,
  version: string,
  date: Date,
  changes: readonly Change[],
): string {
  const day = date.toISOString().slice(0, "2026-01-01".length);
  const sections = KINDS.flatMap((kind) => {
    const items = changes.filter((change) => change.kind === kind).map(({ text }) => `- ${indented(text)}`);
    return items.length === 0 ? [] : [`### ${HEADINGS[kind]}`, items.join("\n")];
  });
  const section = [`## ${version}, ${day}`, ...sections].join("\n\n");
  const at = changelog.search(/^## /m);
  const [head, rest] = at < 0 ? [changelog, ""] : [changelog.slice(0, at), changelog.slice(at)];
  return `${head.trimEnd()}\n\n${section}\n${rest === "" ? "" : `\n${rest}`}`;
}

/** The further lines of a list item. */
function indented(text: string): string {
  return text.replaceAll(/\n(?=.)/g, "\n  ");
}
