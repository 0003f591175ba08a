import type { AnswerHeaders } from "./answer-cookie.ts";

/** The value of a header as servers of Node's kind keep it. */
export type FieldValue = number | string | readonly string[] | undefined;

/** Headers that are kept as fields with values, in the terms of web `Headers`. `undefined` written removes a field. */
export function toAnswerHeaders(
  read: (name: string) => FieldValue,
  write: (name: string, value: string | string[] | undefined) => void,
): AnswerHeaders {
  const valuesOf = (name: string): string[] => {
    const value = read(name);
    return value === undefined ? [] : [value].flat().map(String);
  };
  return {
    get: (name) => valuesOf(name).join(", ") || null,
    set: (name, value) => write(name, value),
    append: (name, value) => write(name, [...valuesOf(name), value]),
    delete: (name) => write(name, undefined),
    getSetCookie: () => valuesOf("set-cookie"),
  };
}
