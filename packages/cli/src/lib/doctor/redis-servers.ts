import type { RedisServerFacts } from "@ventostack/store-redis/inspect";
import { examineClock } from "./clock.ts";
import { error, type Finding, note, ok, warning } from "./finding.ts";

/** The oldest release with every command that the store sends. */
const OLDEST = [6, 2];

export function examineServers(servers: readonly RedisServerFacts[]): Finding[] {
  return servers.flatMap((facts) => [
    examineVersion(facts),
    examineRole(facts),
    examineEviction(facts),
    examineClock(facts.address, facts),
    ...examineDisk(facts),
  ]);
}

function examineVersion({ address, product, version = "" }: RedisServerFacts): Finding {
  const check = "server-version";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  const isOld =
    product === "Redis" && (major < oldestMajor || (major === oldestMajor && minor < oldestMinor));
  if (version === "") return note(check, `${address} does not say which version it is.`);
  if (!isOld) return ok(check, `${address} is ${product} ${version}.`);
  return error(
    check,
    `${address} is Redis ${version}, which lacks commands that the store needs.`,
    "Use 6.2 or later.",
  );
}

function examineRole({ address, role }: RedisServerFacts): Finding {
  const check = "server-role";
  if (role !== "slave") return ok(check, `${address} takes writes.`);
  const advice = "Connect to the primary; behind Sentinels, use redis+sentinel://.";
  return error(check, `${address} is a replica: it refuses every log-in and log-out.`, advice);
}

function examineEviction({ address, evictionPolicy, maxMemory = 0 }: RedisServerFacts): Finding {
  const check = "eviction-policy";
  if (evictionPolicy === undefined)
    return note(check, `${address} does not say what it does when it is full.`);
  if (evictionPolicy === "noeviction") return ok(check, `${address} evicts nothing.`);
  const advice = "Set maxmemory-policy noeviction, or give sessions a server of their own.";
  const what =
    "signs users out when it is full, and drops users' indexes, so that log-out everywhere misses sessions";
  if (maxMemory > 0) return error(check, `${address} ${what} (maxmemory-policy ${evictionPolicy}).`, advice);
  const message = `${address} has no memory limit, but with one it ${what} (maxmemory-policy ${evictionPolicy}).`;
  return warning(check, message, advice);
}

function examineDisk({ address, appendOnly, isSavingBroken }: RedisServerFacts): Finding[] {
  const check = "persistence";
  if (isSavingBroken) {
    const advice = "Look into its log: is the disk full, or not writable?";
    return [error(check, `${address} failed to write to its disk, and may refuse writes for it.`, advice)];
  }
  if (appendOnly === undefined) return [];
  if (appendOnly) return [ok(check, `${address} logs every write to disk.`)];
  const message = `${address} does not log writes (appendonly no): after a restart log-ins are gone, and log-outs since its last snapshot are undone.`;
  return [note(check, message)];
}
