/**
 * The part between two positions without the spaces and tabs around it (RFC 6265bis: WSP). Not `trim()`, which takes
 * U+00A0 and others off as well, and so lets one cookie's name pass for another's (CVE-2026-39410).
 */
export function trimBlanks(text: string, from = 0, to: number = text.length): string {
  let start = from;
  while (start < to && isBlank(text.charCodeAt(start))) start++;
  return text.slice(start, blanksBefore(text, to, start));
}

/** Where the blanks begin that end at `to`, no earlier than `from`. */
export function blanksBefore(text: string, to: number, from = 0): number {
  let start = to;
  while (start > from && isBlank(text.charCodeAt(start - 1))) start--;
  return start;
}

/** Where the blanks end that begin at `from`. */
export function blanksAfter(text: string, from: number): number {
  let end = from;
  while (isBlank(text.charCodeAt(end))) end++;
  return end;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
