import type { DeleteByUserOptions } from "@ventostack/auth-core";
import { hashOfKey } from "./record.ts";
import { IN_FLIGHT, type UserIndex } from "./user-index.ts";

/** How often the set is read again because sessions moved to new ids meanwhile, before the call gives up. */
const MAX_PASSES = 100;

/**
 * Ends every session that was in the user's set when the call began, and gives how many live ones that were.
 *
 * One after the other, oldest first, and again where one was not there any more: a session that moves to a new id
 * joins the set under that before it leaves the old one, so whoever finds the old one gone finds the new one on the next
 * pass. `remove` gives 1 deleted, 0 gone, -1 another user's, -2 unreadable; and which session it was moving from, if
 * any: in the midst of a move it is there twice, and counts once.
 */
export async function endSessionsOfUser(
  index: UserIndex,
  userKey: string,
  { except, onTrip, onEnded }: DeleteByUserOptions = {},
  remove: (id: string) => Promise<[outcome: number, old?: string]>,
): Promise<number> {
  const seen = new Set<string>(except === undefined ? [] : [except]);
  const ended = new Map<string, { readonly id: string; readonly old: string | undefined }>();

  function tell(): number {
    const counted = [...ended.values()].filter(({ old }) => !ended.has(old ?? ""));
    for (const { id } of counted) onEnded?.(id);
    return counted.length;
  }

  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    const { members, readAt } = await index.members(userKey);
    onTrip?.();
    const fresh = members.filter(({ id }) => !seen.has(id));
    const gone: string[] = [];
    const stale: string[] = [];
    let allThere = true;
    for (const { id, age } of fresh) {
      const [outcome, old] = await remove(id);
      onTrip?.();
      seen.add(id);
      if (outcome === 1) {
        ended.set(hashOfKey(id), { id, old });
        gone.push(id);
        continue;
      }
      allThere = false;
      // A young member without a session may be one whose creation is on its way: it must stay findable.
      if (outcome !== -2 && age >= IN_FLIGHT) stale.push(id);
    }
    await index.remove(userKey, gone);
    onTrip?.();
    await index.remove(userKey, stale, readAt);
    onTrip?.();
    if (allThere) return tell();
  }
  tell();
  throw Object.assign(
    new Error(`The user's sessions kept moving to new ids for ${MAX_PASSES} passes: try again.`),
    {
      code: "CONFLICT",
    },
  );
}
