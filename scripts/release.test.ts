import { expect, test } from "bun:test";
import { readChange, withVersion } from "./release/changelog.ts";
import { inOrder } from "./release/in-order.ts";

test("each package is published after those it depends on", () => {
  const manifests = [
    { name: "auth", dependencies: { store: "1.0.0", core: "1.0.0" } },
    { name: "store", peerDependencies: { core: "1.0.0", redis: "6.3.1" } },
    { name: "core" },
  ];
  const ordered = inOrder(manifests.map((manifest) => ({ manifest })));
  expect(ordered.map(({ manifest }) => manifest.name)).toEqual(["core", "store", "auth"]);
});

test("a circle of packages is refused", () => {
  const circle = [
    { manifest: { name: "one", dependencies: { other: "1.0.0" } } },
    { manifest: { name: "other", dependencies: { one: "1.0.0" } } },
  ];
  expect(() => inOrder(circle)).toThrow("one, other");
});

const changeset = (kind: string, text: string): string =>
  `---\n"@ventostack/auth": ${kind}\n---\n\n${text}\n`;

test("a changeset is read as its kind and its text", () => {
  expect(readChange("a.md", changeset("minor", "New things."))).toEqual({
    kind: "minor",
    text: "New things.",
  });
  expect(() => readChange("a.md", "# No changeset")).toThrow("a.md is no changeset");
  expect(() => readChange("a.md", changeset("minor", ""))).toThrow("a.md is no changeset");
});

test("a version's section stands above the earlier ones, and below the head", () => {
  const date = new Date("2026-03-04T05:06:07Z");
  const first = withVersion("# Changelog\n\nHead.\n", "0.2.0", date, [{ kind: "patch", text: "One\ntwo." }]);
  expect(first).toBe("# Changelog\n\nHead.\n\n## 0.2.0, 2026-03-04\n\n### Mended\n\n- One\n  two.\n");
  const changes = [
    { kind: "patch", text: "Small." },
    { kind: "major", text: "Large." },
  ] as const;
  const second = withVersion(first, "1.0.0", date, changes);
  expect(second).toMatch(/Head\.\n\n## 1\.0\.0, .*### Changes that.*- Large\..*- Small\.\n\n## 0\.2\.0/s);
});
