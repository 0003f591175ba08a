import type { Mutation } from "./mutation.ts";
import { core, memory, redis, shown, shownOnRedis } from "./paths.ts";

export const g3: readonly Mutation[] = [
  {
    breaks: "memory: a touch shortens a longer life",
    file: `${memory}/memory-session-store.ts`,
    find: "entry.expiresAt = Math.max(entry.expiresAt, wanted);",
    replace: "entry.expiresAt = wanted;",
    test: `${shown}/g3-one-truth-about-expiry.test.ts`,
    only: "memory touch never shortens",
  },
  {
    breaks: "memory: an update puts the end back to where it was when the session was read",
    file: `${memory}/memory-session-store.ts`,
    find: "write({ ...session, expiresAt: entry.expiresAt });",
    replace: "write(session);",
    test: `${shown}/g3-one-truth-about-expiry.test.ts`,
    only: "between an update's read and its write",
  },
  {
    breaks: "core: a session is alive in the millisecond in which it ends",
    file: `${core}/expiry.ts`,
    find: "return session.expiresAt <= now ||",
    replace: "return session.expiresAt < now ||",
    test: `${shown}/g3-one-truth-about-expiry.test.ts`,
    only: "refused even where the store still holds it",
  },
  {
    breaks: "core: a touch on four methods passes the absolute end",
    file: `${core}/expiry.ts`,
    find: "return remaining < ttl ? Math.floor(remaining) : ttl;",
    replace: "return ttl;",
    test: `${shown}/g3-one-truth-about-expiry.test.ts`,
    only: "four methods: the store itself",
  },
  {
    breaks: "core: a regenerated session starts its life anew, beyond its absolute end",
    file: `${core}/session-lifecycle.ts`,
    find: "expiresAt: touchedExpiry(current, clock(), ttl)",
    replace: "expiresAt: clock() + ttl * 1000",
    test: `${shown}/g3-one-truth-about-expiry.test.ts`,
    only: "touch never shortens",
  },
  {
    breaks: "Redis: a touch passes the absolute end",
    file: `${redis}/scripts.ts`,
    find: "if a>0 and a<t then t=a end\n",
    replace: "",
    test: `${shownOnRedis}/g3-one-truth-about-expiry.test.ts`,
    only: "never passes the absolute end",
  },
  {
    breaks: "Redis: a touch moves the end that is told, and not the key's",
    file: `${redis}/scripts.ts`,
    find: "redis.call('PEXPIREAT',KEYS[1],s)\n",
    replace: "",
    test: `${shownOnRedis}/g3-one-truth-about-expiry.test.ts`,
    only: "create, get, update, touch",
  },
  {
    breaks: "Redis: a touch shortens a longer life",
    file: `${redis}/scripts.ts`,
    find: "if t<=e or e-now>tonumber(ARGV[2])",
    replace: "if e-now>tonumber(ARGV[2])",
    test: `${shownOnRedis}/g3-one-truth-about-expiry.test.ts`,
    only: "never shortens",
  },
];
