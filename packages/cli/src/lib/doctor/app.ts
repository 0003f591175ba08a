import { isSessionId, type SessionManager } from "@ventostack/auth-core";
import { error, type Finding, note, ok, warning } from "./finding.ts";
import { examineSetCookie, parseSetCookie, type SetCookie } from "./set-cookie.ts";

export interface AppExamination {
  readonly url: string;
  /** JSON to log in with; `undefined`: the page is only fetched. */
  readonly body: string | undefined;
  readonly cookieName: string;
  readonly sessions: SessionManager;
}

/** Milliseconds. */
const TIMEOUT = 10_000;

/** Asks the running application for a page, or logs in, and looks at the cookie that it sets. */
export async function examineApp({ url, body, cookieName, sessions }: AppExamination): Promise<Finding[]> {
  const address = URL.parse(url);
  if (address === null || !/^https?:$/.test(address.protocol)) {
    return [error("app", "The value of --app is no http:// or https:// address.")];
  }
  let response: Response;
  try {
    response = await fetch(address, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { "Sec-Fetch-Site": "same-origin", Origin: address.origin },
      ...(body !== undefined && { method: "POST", body }),
      ...(body !== undefined && {
        headers: {
          "Content-Type": "application/json",
          "Sec-Fetch-Site": "same-origin",
          Origin: address.origin,
        },
      }),
    });
    await response.body?.cancel();
  } catch (fault) {
    return [
      error("app", `${address.origin} does not answer: ${fault instanceof Error ? fault.message : fault}`),
    ];
  }
  const cookies = response.headers.getSetCookie().map(parseSetCookie);
  const ours = cookies.filter(({ name }) => name === cookieName);
  const [cookie] = ours;
  if (cookie === undefined) return [withoutCookie(response, cookies, cookieName, body !== undefined)];
  return [
    ...(body === undefined ? [setForNobody(cookieName)] : []),
    ...examineSetCookie(cookie, address.protocol === "http:"),
    ...(ours.length > 1
      ? [error("cookie-twice", `The answer sets ${cookieName} ${ours.length} times: which of them counts?`)]
      : []),
    ...examineCaching(response),
    ...(await examineSession(cookie, sessions)),
  ];
}

function withoutCookie(
  { status }: Response,
  cookies: readonly SetCookie[],
  cookieName: string,
  isLogin: boolean,
): Finding {
  if (!isLogin) {
    const message = "A visitor without a session is given no cookie, which is as it should be.";
    return ok("app", `${message} With --body the cookie of a log-in is looked at.`);
  }
  const names = cookies.map(({ name }) => name).join(", ");
  const advice =
    names === "" ? "Is it the log-in's address, and the body right?" : `It set ${names}: see --cookie-name.`;
  return error("app", `The log-in was answered with ${status} and no cookie ${cookieName}.`, advice);
}

function setForNobody(cookieName: string): Finding {
  const message = `A visitor who has not signed in is given the cookie ${cookieName}.`;
  return note("app", message, "Each visitor then costs the store a record: create a session at log-in.");
}

/** A page with somebody's cookie must not be kept and given to the next (ASVS 5.0 14.2.2). */
function examineCaching({ headers }: Response): Finding[] {
  const caching = headers.get("cache-control") ?? "";
  if (/\b(no-store|private)\b/i.test(caching)) return [];
  const message =
    "The answer that sets the cookie has no Cache-Control: no-store: a cache may hand it to others.";
  return [warning("cookie-caching", message)];
}

/** The session was made for this look, and is ended again. */
async function examineSession({ value }: SetCookie, sessions: SessionManager): Promise<Finding[]> {
  const check = "app-store";
  const [id = ""] = value.split(".");
  if (!isSessionId(id)) {
    return [warning(check, "The cookie's value is no session id of this library.")];
  }
  const found = await sessions.get(id);
  if (found === null) {
    const message = "The application's new session is not in this store.";
    return [warning(check, message, "Is it another store, or another --key-prefix or --prefix?")];
  }
  await sessions.destroy(id);
  return [ok(check, "The application's sessions are in this store. The one made for this look was ended.")];
}
