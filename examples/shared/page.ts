// Read rather than imported: bun-types gives every "*.html" import the type HTMLBundle, even `with { type: "text" }`.
/** The page served at `GET /`: one file, with no other resource to fetch. */
export const page: string = await Bun.file(new URL("./page.html", import.meta.url)).text();

/** The hash of what stands between the tags, by which the policy lets exactly that in. */
function hashOf(tag: "style" | "script"): string {
  const [, content = ""] = new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`).exec(page) ?? [];
  return `'sha256-${Bun.SHA256.hash(content, "base64")}'`;
}

/** To be sent with the page. The policy: its own style, its own script, calls to its own server, and nothing else. */
export const pageHeaders = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": [
    "default-src 'none'",
    `style-src ${hashOf("style")}`,
    `script-src ${hashOf("script")}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
};
