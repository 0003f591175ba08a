import { CookieJar } from "tough-cookie";

const SITE = "https://site.test";

/** What a browser does with cookies: keeps those that come back, and sends each where it belongs. */
export function openBrowser(origin: string | URL) {
  const jar = new CookieJar();
  return {
    /** The `Cookie` header for a request to the path. */
    cookiesFor: (path: string): string => jar.getCookieStringSync(SITE + path),
    async visit(path: string, init: RequestInit = {}): Promise<Response> {
      const headers = { cookie: jar.getCookieStringSync(SITE + path) };
      const response = await fetch(new URL(path, origin), { ...init, headers });
      for (const cookie of response.headers.getSetCookie()) jar.setCookieSync(cookie, SITE + path);
      return response;
    },
  };
}
