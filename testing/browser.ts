import { CookieJar } from "tough-cookie";

/** What a browser does with cookies, over real HTTP. */
export interface Browser {
  /** Sends the cookies that belong there, keeps those that come back. Does not follow redirects. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** `fetch` with a JSON body. */
  send(method: string, path: string, body?: unknown): Promise<Response>;
  /** The value of the cookie that would be sent to the path. */
  cookie(name: string, path?: string): Promise<string | undefined>;
  readonly jar: CookieJar;
}

export function createBrowser(origin: string): Browser {
  const jar = new CookieJar();
  const at = (path: string): string => new URL(path, origin).href;

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookies = await jar.getCookieString(at(path));
    if (cookies !== "" && !headers.has("cookie")) headers.set("cookie", cookies);
    const response = await fetch(at(path), { ...init, headers, redirect: "manual" });
    // Strict: what a browser would refuse must not pass as kept.
    for (const header of response.headers.getSetCookie())
      await jar.setCookie(header, at(path), { loose: false });
    return response;
  }

  return {
    jar,
    fetch: send,
    send: (method, path, body) =>
      send(path, {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        }),
      }),
    async cookie(name, path = "/") {
      const cookies = await jar.getCookies(at(path));
      return cookies.find((cookie) => cookie.key === name)?.value;
    },
  };
}
