import type { SessionManager } from "../../packages/auth/src/index.ts";
import type { Outcome, SoakEvent } from "./event.ts";
import { sessionIn } from "./log-ins.ts";

/** Reads at once: fewer than a client lets wait. */
const AT_ONCE = 1000;

/** Once nobody works any more: lists every user, reads every session, ends every user, and reads every session again. */
export async function lookAround(
  manager: SessionManager,
  users: readonly string[],
  events: readonly SoakEvent[],
): Promise<SoakEvent[]> {
  const seen: SoakEvent[] = [];
  const ids = new Map<string, string>();
  for (const event of events) {
    const id = sessionIn(event)?.id;
    if (id !== undefined) ids.set(id, event.user);
  }
  const byHandle = new Map([...ids.keys()].map((id) => [manager.handleOf(id), id]));

  async function call(
    what: SoakEvent["what"],
    user: string,
    work: () => Promise<Outcome>,
    about: Pick<SoakEvent, "id"> = {},
  ): Promise<void> {
    const calledAt = Date.now();
    const outcome = await work();
    // In the next millisecond at the earliest: what follows is later than this by any account.
    const returnedAt = Date.now();
    while (Date.now() === returnedAt) await Bun.sleep(1);
    seen.push({ what, calledAt, returnedAt, user, ...about, outcome });
  }

  async function readAll(): Promise<void> {
    const all = [...ids];
    for (let from = 0; from < all.length; from += AT_ONCE) {
      await Promise.all(
        all.slice(from, from + AT_ONCE).map(([id, user]) => call("get", user, () => read(id), { id })),
      );
    }
  }

  async function read(id: string): Promise<Outcome> {
    const session = await manager.get(id);
    return session === null ? { kind: "absent" } : { kind: "session", session };
  }

  for (const user of users) {
    await call("listByUser", user, async () => {
      const listed = await manager.listByUser(user);
      const known = listed.flatMap(({ handle }) => byHandle.get(handle) ?? []);
      return { kind: "listed", ids: known, unknown: listed.length - known.length };
    });
  }
  await readAll();
  for (const user of users) {
    await call("destroyByUser", user, async () => ({
      kind: "ended",
      count: await manager.destroyByUser(user),
    }));
  }
  await readAll();
  return seen;
}
