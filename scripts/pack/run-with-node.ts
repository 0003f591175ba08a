import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bun, run } from "../lib/command.ts";
import type { Package } from "../lib/workspace.ts";
import { ROUND_TRIP, succeed } from "./consumer.ts";

/** A log-in by cookie and a request with it, as any framework with web requests would go about them. */
const COOKIE_ROUND_TRIP = `
const sessions = createSessionMiddleware(createSessionManager(createMemorySessionStore()));
const visit = async (cookie, handle) => {
  const ctx = { request: new Request("https://shop.example/", { headers: { cookie } }), state: {} };
  return sessions(ctx, async () => handle(ctx));
};
const login = await visit("", async (ctx) => {
  await sessions.of(ctx).create({ userId: "1" });
  return new Response();
});
const [cookie = ""] = login.headers.getSetCookie();
const me = await visit(cookie.split(";")[0], (ctx) => Response.json(sessions.of(ctx).current?.data));
if ((await me.json()).userId !== "1") throw new Error("The cookie opens no session.");
`;

/** A store, tried with the kit by a runner of one's own. */
const KIT = `
const createStore = ({ clock }) => createMemorySessionStore({ clock });
const results = await checkSessionStore({ createStore, time: "given" });
const broken = results.filter(({ outcome }) => outcome === "broken");
if (broken.length > 0 || results.length < 100) throw new Error(JSON.stringify(broken));
`;

/**
 * With Node.js, which loads dist, the packages that say in `engines` that they work there; or a note that there is
 * none, and what was tried instead.
 */
export async function runWithNode(folder: string, packages: readonly Package[]): Promise<string | undefined> {
  const node = Bun.which("node");
  const isNode =
    node !== null && (await run([node, "-p", "process.versions.bun === undefined"])).output === "true";
  const names = packages
    .filter(({ manifest }) => manifest.engines?.node)
    .map(({ manifest }) => manifest.name);
  const load = (name = ""): string => (isNode ? name : join(folder, "node_modules", name, "dist/index.js"));
  const imports = names.map((name, index) => `import * as package${index} from "${load(name)}";`);
  const all = names.map((_, index) => `...package${index}`).join(", ");
  const destructured =
    "const { createSessionManager, createMemorySessionStore, createSessionMiddleware, checkSessionStore }";
  writeFileSync(
    join(folder, "use.mjs"),
    `${imports.join("\n")}\n${destructured} = { ${all} };\n${ROUND_TRIP}${COOKIE_ROUND_TRIP}${KIT}`,
  );
  await succeed(
    `A program cannot use dist with ${isNode ? "Node.js" : "Bun"}.`,
    [isNode ? node : bun, "use.mjs"],
    folder,
  );
  return isNode
    ? undefined
    : "note: no Node.js on the PATH, so dist was loaded with Bun, by its path, instead";
}
