/**
 * The part between two positions without the spaces and tabs around it (RFC 6265bis: WSP). Not `trim()`, which takes
 * U+00A0 and others off as well, and so lets one cookie's name pass for another's (CVE-2026-39410).
 */
export function trimBlanks(text: string, from = 0, to: number = text.length): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
