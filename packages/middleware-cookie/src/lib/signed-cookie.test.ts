import { describe, expect, test } from "bun:test";
import { createCookieSigner } from "./cookie-signer.ts";
import { cookieFrom, createVisits, idFrom, type VisitHandler } from "./visits.test-kit.ts";

const [NEWEST, OLDER] = ["n".repeat(32), "o".repeat(32)] as const;
const sealed = (id: string, secret: string = NEWEST, name = "sid"): string =>
  `${name}=${createCookieSigner(name, { secrets: [secret] }).seal(id)}`;
const byHand =
  (value: string): VisitHandler =>
  () =>
    new Response("done", { headers: { "set-cookie": `sid=${value}; HttpOnly; Max-Age=3600` } });

describe("with secrets", () => {
  test("a log-in hands out a signed cookie, which opens the session", async () => {
    const { visit, sessions, manager } = createVisits({ middleware: { secrets: [NEWEST, OLDER] } });
    const { cookies, ctx } = await visit(undefined, async (ctx) => {
      await sessions.of(ctx).create({ userId: "u1" });
      return new Response();
    });
    const id = String(ctx.state.sessionId);
    expect(cookieFrom(cookies)).toBe(sealed(id));
    const { ctx: next } = await visit(cookieFrom(cookies));
    // What the application sees is the id itself.
    expect([next.state.session, next.state.sessionId]).toEqual([{ userId: "u1" }, id]);
    expect((await manager.get(id))?.id).toBe(id);
  });

  test("a forged id, one without a signature and one that is signed for another cookie cost no store call", async () => {
    const { visit, signIn, calls } = createVisits({ middleware: { secrets: [NEWEST, OLDER] } });
    const { id } = await signIn();
    const forged = Buffer.alloc(32, 9).toString("base64url");
    const otherName = sealed(id, NEWEST, "__Host-sid").slice("__Host-".length);
    for (const cookie of [
      `sid=${id}`,
      `sid=${forged}`,
      `sid=${forged}.${forged}`,
      sealed(id).replace(id, forged),
      sealed(id, "another secret of 32 characters."),
      otherName,
      `${sealed(id)}; ${sealed(id)}`,
    ]) {
      const { ctx, cookies } = await visit(cookie);
      expect([ctx.state.session, cookies]).toEqual([undefined, []]);
    }
    expect(calls()).toEqual([]);
  });

  test("a cookie of an older secret opens its session, and is signed by the newest once it is renewed", async () => {
    const { visit, signIn, clock } = createVisits({ middleware: { secrets: [NEWEST, OLDER] } });
    const { id } = await signIn();
    const early = await visit(sealed(id, OLDER));
    expect([early.ctx.state.session, early.cookies]).toEqual([{ userId: "u1" }, []]);
    clock.advance(360_000);
    expect(cookieFrom((await visit(sealed(id, OLDER))).cookies)).toBe(sealed(id));
  });

  test("a cookie that a handler writes by hand is sent on signed", async () => {
    const { visit, signIn } = createVisits({ middleware: { secrets: [NEWEST] } });
    const { id } = await signIn();
    const { cookies, response } = await visit(undefined, byHand(id));
    expect(cookies).toEqual([`${sealed(id)}; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax`]);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("so is one that is signed already, by whichever secret", async () => {
    const { visit, signIn } = createVisits({ middleware: { secrets: [NEWEST, OLDER] } });
    const { id } = await signIn();
    const { cookies } = await visit(undefined, byHand(sealed(id, OLDER).slice("sid=".length)));
    expect(cookieFrom(cookies)).toBe(sealed(id));
  });

  test("one whose signature does not hold is not ours, and is left alone", async () => {
    const { visit, signIn, calls } = createVisits({ middleware: { secrets: [NEWEST] } });
    const { id } = await signIn();
    const value = sealed(id, OLDER).slice("sid=".length);
    const { cookies } = await visit(undefined, byHand(value));
    expect(cookies).toEqual([`sid=${value}; HttpOnly; Max-Age=3600`]);
    expect(calls()).toEqual([]);
  });

  test("the name and the longer value still fit into 4096 bytes, or are refused", () => {
    const withName = (length: number) => () =>
      createVisits({ session: { cookieName: "s".repeat(length) }, middleware: { secrets: [NEWEST] } });
    expect(withName(4096 - 87)).not.toThrow();
    expect(withName(4096 - 86)).toThrow("4097 bytes");
  });
});

describe("when signing is switched on", () => {
  test("cookies from before are signed out without a store call", async () => {
    const { visit, signIn, calls } = createVisits({ middleware: { secrets: [NEWEST] } });
    const { cookie } = await signIn();
    expect((await visit(cookie)).ctx.state.session).toBeUndefined();
    expect(calls()).toEqual([]);
  });

  test("with acceptUnsigned they stay signed in, and are signed once they are renewed", async () => {
    const { visit, signIn, clock } = createVisits({
      middleware: { secrets: [NEWEST], acceptUnsigned: true },
    });
    const { id, cookie } = await signIn();
    expect((await visit(cookie)).ctx.state.session).toEqual({ userId: "u1" });
    clock.advance(360_000);
    const { cookies } = await visit(cookie);
    expect(idFrom(cookies)).toBe(sealed(id).slice("sid=".length));
    expect((await visit(cookieFrom(cookies))).ctx.state.session).toEqual({ userId: "u1" });
  });
});
