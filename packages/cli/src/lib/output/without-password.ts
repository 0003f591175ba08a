/** The text without the password of the URL, in the forms in which a message may quote it. */
export function withoutPassword(text: string, url: string | undefined): string {
  const [, encoded = ""] = /^[^:]+:\/\/[^:@/]*:([^@/]*)@/.exec(url ?? "") ?? [];
  if (encoded === "") return text;
  return [encoded, decoded(encoded)].reduce((shown, password) => shown.replaceAll(password, "***"), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded as it should be: then it is what it is.
    return text;
  }
}
