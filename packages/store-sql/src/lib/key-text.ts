/**
 * A key as a column holds it: visible ASCII, and the key itself where it is made of nothing else. Everything else is
 * escaped. So no database refuses one (NUL in PostgreSQL), confuses two (letters that a collation takes for the same,
 * blanks at the end, halves of surrogate pairs), or stores more bytes than there are letters here.
 */
export function toKeyText(key: string): string {
  return key.replaceAll(/[^!-[\]-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function fromKeyText(text: string): string {
  return text.replaceAll(/\\u([\da-f]{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** What an index of each database can hold. */
export const MAX_KEY_TEXT = 1000;
