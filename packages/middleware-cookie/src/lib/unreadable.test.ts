import { describe, expect, spyOn, test } from "bun:test";
import { createSessionMiddleware } from "./session-middleware.ts";
import { createVisits, idFrom } from "./visits.test-kit.ts";

describe("a record that cannot be read", () => {
  async function withCorruptRecord() {
    const visits = createVisits();
    const { id, cookie } = await visits.signIn();
    const record = visits.held(id);
    if (record === null) throw new Error("no record");
    await visits.memory.set(Object.assign(record, { version: 99 }));
    return { ...visits, id, cookie };
  }

  test("is reported, and the request goes on signed out, its cookie and the record left alone", async () => {
    const { visit, cookie, failures, held, id, sessions } = await withCorruptRecord();
    const { response, cookies, ctx } = await visit(cookie, (handled) => {
      expect(sessions.of(handled).current).toBeNull();
      return new Response("hello");
    });
    expect([response.status, await response.text(), cookies, ctx.state]).toEqual([200, "hello", [], {}]);
    expect(failures).toEqual([expect.objectContaining({ code: "CORRUPT_RECORD" })]);
    expect(String(Bun.inspect(failures))).not.toContain(id);
    expect(held(id)).toMatchObject({ version: 99 });
  });

  test("locks nobody out: signing in again works, and leaves the record alone", async () => {
    const { visit, cookie, held, id, sessions } = await withCorruptRecord();
    const { cookies } = await visit(cookie, async (ctx) => {
      await sessions.of(ctx).create({ userId: "u1" });
      return new Response();
    });
    expect((await visit(`sid=${idFrom(cookies)}`)).ctx.state.session).toEqual({ userId: "u1" });
    expect(held(id)).toMatchObject({ version: 99 });
  });

  test("is written to the console where nobody else is told, without the id", async () => {
    const { manager, cookie, id } = await withCorruptRecord();
    const consoleError = spyOn(console, "error").mockImplementation(() => undefined);
    try {
      const request = new Request("https://a.example/", { headers: { cookie } });
      await createSessionMiddleware(manager)({ request, state: {} }, async () => new Response());
      expect(consoleError).toHaveBeenCalledTimes(1);
      expect(consoleError.mock.calls[0]?.[1]).toMatchObject({ code: "CORRUPT_RECORD" });
      expect(Bun.inspect(consoleError.mock.calls)).not.toContain(id);
    } finally {
      consoleError.mockRestore();
    }
  });
});
