import assert from "node:assert/strict";

const idOf = async (cookie: string): Promise<string | undefined> => {
  const ctx = { request: new Request("https://app.example/", { headers: { cookie } }), state: {} };
  await sessions(ctx, async () => new Response());
  return sessions.of(ctx).current?.id;
};
const sign = (id: string, secret: string): string =>
  new Bun.CryptoHasher("sha256", secret).update(`sid=${id}`).digest("base64url");
const { id: signedId } = await session.create({ userId: "u1" });
for (const secret of [newest, older]) {
  assert.equal(await idOf(`sid=${signedId}.${sign(signedId, secret)}`), signedId);
}
assert.equal(await idOf(`sid=${signedId}`), undefined);
assert.equal(await idOf(`sid=${signedId}.${sign(signedId, `${older}x`)}`), undefined);
