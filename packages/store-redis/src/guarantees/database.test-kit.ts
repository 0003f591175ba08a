import { expect } from "bun:test";
import type { CommandMatch, ProxiedCommand, RedisServer } from "@ventostack/testing/redis";
import * as scripts from "../lib/scripts.ts";

export interface SessionKey {
  readonly key: string;
  /** What follows the name of all session keys: the hash of the id. */
  readonly id: string;
  readonly text: string;
  /** The fields of the record, by their names in Redis. */
  readonly record: Readonly<Record<string, unknown>>;
  /** PEXPIRETIME: when the server drops it, milliseconds since the epoch; -1 for never. */
  readonly endsAt: number;
}

export interface UserKey {
  readonly key: string;
  /** Members and their scores. */
  readonly members: ReadonlyMap<string, number>;
  readonly endsAt: number;
}

export interface Database {
  readonly sessions: readonly SessionKey[];
  readonly users: readonly UserKey[];
  readonly others: readonly string[];
}

/** All keys at one moment, whatever runs meanwhile. */
const READ_ALL = `
local all={}
for _,k in ipairs(redis.call('KEYS','*')) do
  local t=redis.call('TYPE',k).ok
  local v={}
  if t=='string' then v={redis.call('GET',k)} end
  if t=='zset' then v=redis.call('ZRANGE',k,0,-1,'WITHSCORES') end
  table.insert(all,{k,t,redis.call('PEXPIRETIME',k),v})
end
return all`;

export async function readDatabase(server: RedisServer): Promise<Database> {
  const found = (await server.command("EVAL", READ_ALL, 0)) as [string, string, number, string[]][];
  const sessions: SessionKey[] = [];
  const users: UserKey[] = [];
  const others: string[] = [];
  for (const [key, type, endsAt, values] of found) {
    const id = /:id:(.*)$/.exec(key)?.[1];
    if (type === "string" && id !== undefined) {
      const [text = ""] = values;
      sessions.push({ key, id, text, record: JSON.parse(text), endsAt });
    } else if (type === "zset" && key.includes(":user:")) {
      const members = new Map<string, number>();
      for (let at = 0; at < values.length; at += 2) members.set(values[at] ?? "", Number(values[at + 1]));
      users.push({ key, members, endsAt });
    } else others.push(key);
  }
  return { sessions, users, others };
}

/** The key of a user's set, from the name of the user as the record tells it. */
export const userKeyOf = (sessionKey: string, user: string): string =>
  `${sessionKey.slice(0, sessionKey.indexOf(":id:"))}:user:${Bun.SHA256.hash(user, "base64url")}`;

/** What holds at every moment, also between two commands of an operation. Gives what does not. */
export function findFlaws({ sessions, users, others }: Database): string[] {
  const flaws = others.map((key) => `an unknown key: ${key}`);
  for (const { key, endsAt } of [...sessions, ...users]) if (endsAt < 0) flaws.push(`no end: ${key}`);
  for (const { key, id, record, endsAt } of sessions) {
    if (record.exp !== endsAt) flaws.push(`${key} tells ${record.exp} and ends at ${endsAt}`);
    const absolute = Number(record.abs);
    if (absolute > 0 && endsAt > absolute) flaws.push(`${key} outlives its absolute end`);
    if (typeof record.user !== "string") flaws.push(`${key} has no field for the user`);
    else if (record.user !== "") {
      const set = users.find((user) => user.key === userKeyOf(key, record.user as string));
      if (!set?.members.has(id)) flaws.push(`${key} is not in the set of ${record.user}`);
      else if (set.endsAt < endsAt) flaws.push(`${key} ends ${endsAt - set.endsAt} ms after its user's set`);
      else if (set.endsAt < Number(record.idx)) flaws.push(`${key} trusts in its user's set for too long`);
    }
  }
  return flaws;
}

export async function expectSound(server: RedisServer): Promise<Database> {
  const database = await readDatabase(server);
  expect(findFlaws(database)).toEqual([]);
  return database;
}

/** So that no command is sent twice because the server does not know a script yet. */
export async function loadScripts(server: RedisServer): Promise<void> {
  for (const { source } of Object.values(scripts)) await server.command("SCRIPT", "LOAD", source);
}

const names = new Map(Object.entries(scripts).map(([name, { sha }]) => [sha, name]));

/** A command's name; a script's is that of its constant. */
export const labelOf = ({
  name,
  args,
}: {
  readonly name: string;
  readonly args: readonly string[];
}): string => (name === "EVALSHA" && names.get(args[0] ?? "")) || name;

/** The first command with that label, from now on. */
export const isRunOf =
  (label: string): ((command: ProxiedCommand) => boolean) =>
  (command) =>
    labelOf(command) === label;

/** The n-th command with that label, from now on. */
export function nthOf(label: string, n: number): CommandMatch {
  let seen = 0;
  return (command) => {
    if (labelOf(command) === label) seen += 1;
    return labelOf(command) === label && seen === n;
  };
}
