/** What a thief of a store's content may find a session's cookie in: every key, value, member and column, as text. */
export type Dump = readonly string[];

const ID_LENGTH = 43;

/** Every value that somebody with the dump could try as a cookie: each text, its parts, and what has an id's length in it. */
export function cookieValuesIn(dump: Dump): string[] {
  const values = new Set<string>();
  for (const text of dump) {
    values.add(text);
    for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1))
      values.add(text.slice(at + 1));
    for (const part of text.split(/[^\w-]+/)) {
      values.add(part);
      for (let at = 0; at + ID_LENGTH < part.length; at++) values.add(part.slice(at, at + ID_LENGTH));
    }
  }
  values.delete("");
  return [...values];
}

/**
 * Sends each value as the cookie, as it is and percent-encoded, and gives those for which the answer was not 401. What no
 * header can carry is sent encoded alone.
 */
export async function replay(url: string, cookieName: string, values: readonly string[]): Promise<string[]> {
  const opened: string[] = [];
  for (const value of values) {
    const forms = new Set([encodeURIComponent(value), ...(/^[\x20-\x7e]*$/.test(value) ? [value] : [])]);
    for (const form of forms) {
      const response = await fetch(url, { headers: { cookie: `${cookieName}=${form}` } });
      await response.body?.cancel();
      if (response.status !== 401) opened.push(value);
    }
  }
  return opened;
}
