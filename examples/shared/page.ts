// Read rather than imported: bun-types gives every "*.html" import the type HTMLBundle, even `with { type: "text" }`.
/** The page served at `GET /`, as `text/html; charset=utf-8`: one file, with no other resource to fetch. */
export const page: string = await Bun.file(new URL("./page.html", import.meta.url)).text();
