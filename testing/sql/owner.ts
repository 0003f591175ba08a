import { chmodSync, chownSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { getGuardian } from "../redis/guardian.ts";

/** Who runs a server: the database servers refuse to run as root. */
export interface Owner {
  /** What comes before a program's own command line. */
  readonly prefix: readonly string[];
  /** A new folder that belongs to it, removed at the end of this process. */
  makeFolder(): string;
}

/** The account that the server's package has made, where this is root; otherwise whoever this is. */
export function ownerFor(account: string): Owner {
  const isRoot = process.getuid?.() === 0;
  const { uid, gid } = isRoot ? idsOf(account) : { uid: -1, gid: -1 };
  return {
    // With --no-orphans Bun's children end when it is killed, the guardian among them; what changes its user would stay.
    prefix: isRoot
      ? ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--pdeathsig=KILL"]
      : [],
    makeFolder() {
      const { folder } = getGuardian();
      // Others may pass through, to what is theirs.
      chmodSync(folder, 0o711);
      const own = mkdtempSync(join(folder, `${account}-`));
      mkdirSync(join(own, "data"), { mode: 0o700 });
      if (isRoot) for (const path of [own, join(own, "data")]) chownSync(path, uid, gid);
      return own;
    },
  };
}

function idsOf(account: string): { uid: number; gid: number } {
  const [uid, gid] = ["-u", "-g"].map((option) =>
    Number(Bun.spawnSync(["id", option, account]).stdout.toString()),
  );
  if (!uid || !gid) throw new Error(`There is no account ${account}, which the server has to run as.`);
  return { uid, gid };
}
