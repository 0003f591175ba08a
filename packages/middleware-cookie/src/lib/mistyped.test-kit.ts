/** What a caller without a type checker may pass. The one place where a test sets the types aside. */
export function mistyped<Expected>(value: unknown): Expected {
  return value as Expected;
}
