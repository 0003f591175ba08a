import type { SessionDevice } from "@ventostack/auth-core";
import { type Command, managerOf } from "../command.ts";
import { table } from "../output/table.ts";
import { duration, timestamp } from "../output/times.ts";
import { UsageError } from "../usage-error.ts";

export const list: Command = async (context) => {
  const { user, data: showsData } = context.options;
  if (user === undefined) throw new UsageError("Whose sessions? Pass --user ID.");
  const sessions = await managerOf(context).listByUser(user);
  const shown = sessions.map(({ data, ...session }) => (showsData ? { ...session, data } : session));
  if (shown.length === 0) return { json: shown, text: "The user has no session.\n" };
  const rows = sessions.map(({ handle, createdAt, expiresAt, data, ...notes }) => [
    handle,
    timestamp(createdAt),
    `in ${duration(expiresAt - Date.now())}`,
    nameOf(notes),
    ...(showsData ? [JSON.stringify(data)] : []),
  ]);
  return {
    json: shown,
    text: table(["HANDLE", "CREATED (UTC)", "ENDS", "DEVICE", ...(showsData ? ["DATA"] : [])], rows),
  };
};

function nameOf({ device }: { device?: SessionDevice }): string {
  return device?.label ?? device?.userAgent ?? device?.address ?? "";
}
