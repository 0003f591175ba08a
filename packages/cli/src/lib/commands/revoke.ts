import { type Command, type Context, managerOf } from "../command.ts";
import { UsageError } from "../usage-error.ts";

/** A handle of hashed ids, which is also the name of the session in the store. */
const HANDLE = /^[\w-]{43}$/;

export const revoke: Command = async (context) => {
  const { user, handle } = context.options;
  if (user === undefined && handle === undefined) {
    throw new UsageError("Which sessions? Pass --user ID, --handle HANDLE, or both.");
  }
  const ended = handle === undefined ? await ofUser(context, user ?? "") : await one(context, handle);
  const text = ended === 0 ? "There is no such session.\n" : `Ended: ${ended}.\n`;
  return { json: { ended }, text, exitCode: ended === 0 ? 1 : 0 };
};

function ofUser(context: Context, user: string): Promise<number> {
  return managerOf(context).destroyByUser(user);
}

async function one(context: Context, handle: string): Promise<number> {
  const { user, prefix = "", "plain-ids": hasPlainIds } = context.options;
  if (!HANDLE.test(handle)) {
    throw new UsageError("A handle has 43 letters, digits, - or _: `list --user ID` shows them.");
  }
  if (user !== undefined) return (await managerOf(context).destroyByHandle(user, handle)) ? 1 : 0;
  // The store's key would be the id, which the handle does not tell.
  if (hasPlainIds)
    throw new UsageError("With --plain-ids a handle is found only among a user's: pass --user ID.");
  const { store } = context.inspected;
  const key = prefix + handle;
  if (store.remove !== undefined) return (await store.remove(key)) === null ? 0 : 1;
  if ((await store.get(key)) === null) return 0;
  await store.delete(key);
  return 1;
}
