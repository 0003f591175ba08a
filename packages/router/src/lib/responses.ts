/** The status alone, or everything that `new Response` takes beside the body. */
export type ResponseOptions = number | ResponseInit;

const REDIRECTS = [301, 302, 303, 307, 308];

/** Control characters: CR and LF would end the header, and browsers skip the others, so that `/\t/host` is `//host`. */
const CONTROL = /\p{Cc}/u;
const NOT_VISIBLE_ASCII = /[^\x21-\x7e]+/g;

/** The data as JSON. Throws a `TypeError` for what JSON cannot carry, `undefined` included. */
export function json(data: unknown, options?: ResponseOptions): Response {
  return Response.json(data, toInit(options));
}

/** `text/plain`, unless `options` has another Content-Type. */
export function text(body: string, options?: ResponseOptions): Response {
  return typed("text/plain; charset=utf-8", body, options);
}

/** `text/html`, unless `options` has another Content-Type. Nothing in `body` is escaped. */
export function html(body: string, options?: ResponseOptions): Response {
  return typed("text/html; charset=utf-8", body, options);
}

/**
 * Sends the browser to `location`, which may be relative; characters that no header may hold are percent-encoded.
 * Throws a `TypeError` where `location` has a line break or another control character, a `RangeError` where `status`
 * is not 301, 302, 303, 307 or 308. Does not judge the host: a location from a request is the caller's to check.
 */
export function redirect(location: string, status = 302): Response {
  if (CONTROL.test(location)) throw new TypeError("A redirect's location holds a control character.");
  if (!REDIRECTS.includes(status)) throw new RangeError(`${status} is not the status of a redirect.`);
  const encoded = location.toWellFormed().replace(NOT_VISIBLE_ASCII, encodeURIComponent);
  // Not Response.redirect(): by the standard its headers cannot be added to, and it takes no relative location.
  return new Response(null, { status, headers: { Location: encoded } });
}

function typed(contentType: string, body: string, options?: ResponseOptions): Response {
  const init = toInit(options);
  const response = new Response(body, init);
  // What was asked for is read from the options: for a string, a Response may have a Content-Type of its own.
  const given = init?.headers && new Headers(init.headers as Bun.HeadersInit).has("Content-Type");
  if (!given) response.headers.set("Content-Type", contentType);
  return response;
}

function toInit(options: ResponseOptions | undefined): ResponseInit | undefined {
  return typeof options === "number" ? { status: options } : options;
}
