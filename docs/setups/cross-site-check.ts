import assert from "node:assert/strict";

const statusOf = async (init: RequestInit): Promise<number | undefined> => {
  const ctx = { request: new Request("https://app.example/me", init), state: {} };
  return (await sessions(ctx, async () => new Response()))?.status;
};
const post = (headers: Record<string, string>): Promise<number | undefined> =>
  statusOf({ method: "POST", headers });
assert.equal(await post({ "sec-fetch-site": "cross-site", origin: "https://evil.example" }), 403);
assert.equal(await post({ "sec-fetch-site": "same-site", origin: "https://www.app.example" }), 403);
assert.equal(await post({ origin: "null" }), 403);
assert.equal(await statusOf({ headers: { upgrade: "websocket", origin: "https://evil.example" } }), 403);
assert.equal(await statusOf({ headers: { "sec-fetch-site": "cross-site" } }), 200);
assert.equal(await post({ "sec-fetch-site": "same-origin" }), 200);
assert.equal(await post({ origin: "https://app.example" }), 200);
assert.equal(await post({ "sec-fetch-site": "cross-site", origin: "https://accounts.example" }), 200);
assert.equal(await post({}), 200);

const answered = await protection(
  { request: new Request("https://app.example/", { method: "POST", headers: { origin: "null" } }) },
  async () => new Response(),
);
assert.equal(answered?.status, 403);
