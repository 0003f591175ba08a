/** The keys of one store. Each command or script names one of them and no second, so that a Cluster can hold them. */
export interface Keys {
  session(id: string): string;
  /** The set of a user's sessions. The user is hashed: a key may turn up where a user's name or address must not. */
  user(userKey: string): string;
  /** What the keys of all users' sets begin with; after it comes the hash. */
  readonly users: string;
}

/** `prefix` has no braces: a hash tag would put every session on one node of a Cluster. */
export function createKeys(prefix: string): Keys {
  // Two names below the prefix: no id, whatever it holds, is the key of a user's set.
  return {
    session: (id) => `${prefix}id:${id}`,
    user: (userKey) => `${prefix}user:${Bun.SHA256.hash(userKey, "base64url")}`,
    users: `${prefix}user:`,
  };
}
