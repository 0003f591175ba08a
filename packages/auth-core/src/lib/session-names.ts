import { hashSessionId } from "./session-id.ts";

/** What a session and a user are called: by the browser, in the store, in listings. */
export interface SessionNames {
  /** The store's key of the session with this id. */
  keyOf(id: string): string;
  /** The public name of the session under this key. */
  handleOf(key: string): string;
  /** The key with this handle, where it can be told. */
  keyOfHandle(handle: string): string | undefined;
  /** The store's name of a user, and back. */
  userKeyOf(userId: string): string;
  userIdOf(userKey: string): string;
}

export function createSessionNames(prefix: string, hashIds: boolean): SessionNames {
  const nameIn = (key: string): string => key.slice(prefix.length);
  return {
    keyOf: (id) => prefix + (hashIds ? hashSessionId(id) : id),
    handleOf: (key) => (hashIds ? nameIn(key) : hashSessionId(nameIn(key))),
    keyOfHandle: (handle) => (hashIds ? prefix + handle : undefined),
    userKeyOf: (userId) => prefix + userId,
    userIdOf: nameIn,
  };
}
