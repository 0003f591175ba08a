import { createSessionManager, SessionError, type SessionStore } from "@ventostack/auth-core";
import { error, type Finding, ok } from "./finding.ts";

/** Seconds that a session lives which this program could not end. */
const TTL = 60;

/** Whether a session can be made, read, extended, changed and ended: by doing so, under a prefix of its own. */
export async function tryStore(store: SessionStore): Promise<Finding> {
  const check = "round-trip";
  const sessions = createSessionManager(store, { ttl: TTL, prefix: "doctor:", storeTimeout: 10_000 });
  const userId = crypto.randomUUID();
  let step = "created";
  try {
    const { id } = await sessions.create({ userId });
    step = "read";
    if ((await sessions.get(id)) === null) throw new Error("It was not there.");
    step = "extended";
    if ((await sessions.refresh(id)) === null) throw new Error("It was not there.");
    step = "changed";
    await sessions.update(id, { seen: true });
    step = "found by its user";
    if ((await sessions.listByUser(userId)).length !== 1) throw new Error("It was not among the user's.");
    step = "ended";
    await sessions.destroyByUser(userId);
    if ((await sessions.get(id)) !== null) throw new Error("It was still there.");
    return ok(check, "A session was created, read, extended, changed, found by its user, and ended.");
  } catch (fault) {
    return error(check, `A session could not be ${step}. ${messageOf(fault)}`);
  }
}

/** What the store itself said is in the cause. */
function messageOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const cause = fault instanceof SessionError ? fault.cause : undefined;
  return cause instanceof Error ? `${fault.message} (${cause.message})` : fault.message;
}
