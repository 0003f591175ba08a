/** On a connection of its own: one that was kept may lead to a server that is gone, and whose port another one has now. */
const ask = (url: string, init: BunFetchRequestInit = {}): Promise<Response> =>
  fetch(url, { ...init, keepalive: false });

/** Signs in, and gives the `Cookie` header with which a browser would come back. */
export async function signIn(url: string, email: string): Promise<string> {
  const response = await ask(`${url}/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email }),
  });
  const cookies = response.headers.getSetCookie().map((header) => header.split(";")[0] ?? "");
  if (!response.ok || cookies.length === 0) {
    throw new Error(`${url}: the log-in answered ${response.status} with ${cookies.length} cookies.`);
  }
  return cookies.join("; ");
}

/**
 * That the server tells users apart, and knows nobody by a cookie that it did not hand out: one that is not there, one
 * with another letter in it, one with a wrong shape. Gives the cookie of the one who stays signed in.
 */
export async function checkServer(url: string): Promise<string> {
  const [ada, grace] = [await signIn(url, "ada@example.com"), await signIn(url, "grace@example.com")];
  for (const [cookie, email] of [
    [ada, "ada@example.com"],
    [grace, "grace@example.com"],
    [`theme=dark; ${ada}`, "ada@example.com"],
  ] as const) {
    const response = await ask(`${url}/me`, { headers: { cookie } });
    const user = (await response.json()) as { userId?: string; role?: string; loginAt?: string };
    if (!response.ok || user.userId !== email || user.role !== "user" || user.loginAt === undefined) {
      throw new Error(`${url}: ${email} is not who GET /me answers with, but ${JSON.stringify(user)}.`);
    }
  }
  for (const cookie of ["theme=dark", changed(ada), ada.slice(0, -30), ada.replace("=", "=x")]) {
    const response = await ask(`${url}/me`, { headers: { cookie } });
    if (response.status !== 401) {
      throw new Error(`${url}: a cookie that was never handed out is answered with ${response.status}.`);
    }
  }
  const open = await ask(`${url}/hello`);
  if (!open.ok || open.headers.getSetCookie().length > 0) {
    console.log(`note: ${url} answers an anonymous GET /hello with ${open.status} and a cookie.`);
  }
  return ada;
}

/** The first cookie with another letter in the middle of its value. */
function changed(cookie: string): string {
  const at = cookie.indexOf("=") + 12;
  return cookie.slice(0, at) + (cookie[at] === "A" ? "B" : "A") + cookie.slice(at + 1);
}
