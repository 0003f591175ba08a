import { describe, expect, expectTypeOf, test } from "bun:test";
import { treaty } from "@elysiajs/eden";
import { createSessionManager } from "@ventostack/auth-core";
import { createMemorySessionStore } from "@ventostack/store-memory";
import { gate } from "@ventostack/testing";
import { Elysia, file as elysiaFile, t } from "elysia";
import { describePlugin, type UserData } from "../plugin.test-kit.ts";
import type { RequestSession } from "../request-session.ts";
import { cookieFrom } from "../visits.test-kit.ts";
import { sessions } from "./sessions.ts";

describePlugin("Elysia", ({ users, admins, lines, file }) => {
  const nested = new Elysia({ prefix: "/nested" })
    .use(sessions(users))
    .get("/me", ({ session }) => ({ user: session.current?.data ?? null }));
  const app = new Elysia()
    .use(sessions(users))
    .use(sessions(admins, { as: "adminSession" }))
    .onError(() => new Response("failed", { status: 500 }))
    .get("/login", async ({ session }) => {
      await session.create({ userId: "u1" });
      return "ok";
    })
    .get("/admin", async ({ adminSession }) => {
      await adminSession.create({ adminId: "a1" });
      return "ok";
    })
    .get("/me", ({ session, adminSession }) => ({
      user: session.current?.data ?? null,
      admin: adminSession.current?.data ?? null,
    }))
    .use(nested)
    .get("/several", async ({ session, cookie: { a, b } }) => {
      a?.set({ value: "1" });
      await session.create({ userId: "u1" });
      b?.set({ value: "2" });
      return "ok";
    })
    .get("/redirect", async ({ session, redirect }) => {
      await session.create({ userId: "u1" });
      return redirect("/me");
    })
    .get("/throw", async ({ session }) => {
      await session.create({ userId: "u1" });
      throw new Error("thrown");
    })
    .get("/update", async ({ session }) => {
      await session.update({ visits: 1 });
      return "ok";
    })
    .get("/lines", async function* () {
      yield* lines();
    })
    .get("/file", () => elysiaFile(file))
    .listen(0);
  return {
    origin: `http://localhost:${app.server?.port}`,
    async stop() {
      await app.stop(true);
    },
  };
});

describe("Elysia's own ways", () => {
  const gated = gate(createMemorySessionStore());
  const manager = createSessionManager<UserData>(gated.store);
  const app = new Elysia()
    .use(sessions(manager))
    .post("/login", async ({ session }) => {
      await session.create({ userId: "u1" });
      return { ok: true };
    })
    .get("/me", ({ session }) => ({ userId: session.current?.data.userId ?? null }))
    .post("/checked", ({ body }) => body.name, { body: t.Object({ name: t.String() }) });

  test("app.handle sees the session's cookie, and sends it", async () => {
    const login = await app.handle(new Request("http://localhost/login", { method: "POST" }));
    const headers = { cookie: cookieFrom(login.headers.getSetCookie()) };
    const me = await app.handle(new Request("http://localhost/me", { headers }));
    expect(await me.json()).toEqual({ userId: "u1" });
  });

  test("a route is answered at once where the store answers so, and waits for one that is put around it", async () => {
    const memory = createMemorySessionStore();
    const slow = { ...memory, load: async (key: string) => memory.load(key) };
    for (const [store, isLater] of [
      [memory, false],
      [slow, true],
    ] as const) {
      const users = createSessionManager<UserData>(store);
      const { id } = await users.create({ userId: "u1" });
      const plain = new Elysia()
        .use(sessions(users))
        .get("/me", ({ session }) => session.current?.data.userId ?? "nobody");
      for (const [cookie, user] of [
        [`sid=${id}`, "u1"],
        ["theme=dark", "nobody"],
      ] as const) {
        const answer = plain.fetch(new Request("http://localhost/me", { headers: { cookie } }));
        expect(answer instanceof Promise).toBe(isLater);
        const { headers } = await answer;
        expect([await (await answer).text(), headers.get("vary")]).toEqual([user, "Cookie"]);
      }
    }
  });

  test("what is put around a manager or a store that answers at once is waited for", async () => {
    const memory = createMemorySessionStore();
    const users = createSessionManager<UserData>(memory);
    const traced = { ...users, load: async (id: string) => users.load(id) };
    const former = { exchange: async () => null };
    const { id } = await users.create({ userId: "u1" });
    const inner = new Elysia()
      .use(sessions(users))
      .get("/inner", ({ session }) => session.current?.data.userId ?? "nobody");
    const apps = [
      new Elysia()
        .use(sessions(traced))
        .get("/inner", ({ session }) => session.current?.data.userId ?? "nobody"),
      new Elysia().use(sessions(users, { former })).use(inner),
    ];
    for (const outer of apps) {
      for (const [cookie, user] of [
        [`sid=${id}`, "u1"],
        ["theme=dark", "nobody"],
      ] as const) {
        const answer = await outer.handle(new Request("http://localhost/inner", { headers: { cookie } }));
        expect([await answer.text(), answer.headers.get("vary")]).toEqual([user, "Cookie"]);
      }
    }
  });

  test("a store that says it answers at once, and does not, fails the request, and nothing is left unhandled", async () => {
    const memory = createMemorySessionStore();
    const load = Object.assign(() => Promise.reject(new Error("later")), { atOnce: true as const });
    const users = createSessionManager<UserData>({ ...memory, load });
    const { id } = await users.create({ userId: "u1" });
    const messages: string[] = [];
    const plain = new Elysia()
      .use(sessions(users))
      .onError(({ error }) => {
        messages.push(error instanceof Error ? error.message : "");
        return new Response("failed", { status: 500 });
      })
      .get("/me", ({ session }) => session.current?.data.userId ?? "nobody");
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", note);
    const answer = await plain.handle(
      new Request("http://localhost/me", { headers: { cookie: `sid=${id}` } }),
    );
    await new Promise(setImmediate);
    process.off("unhandledRejection", note);
    expect([answer.status, unhandled]).toEqual([500, []]);
    expect(messages.join()).toContain("says that it answers at once (atOnce), and gave a promise");
  });

  test("one request that is handled twice begins anew", async () => {
    const users = createSessionManager<UserData>(createMemorySessionStore());
    const { id } = await users.create({ userId: "u1" });
    const plain = new Elysia()
      .use(sessions(users))
      .get("/me", ({ session }) => session.current?.data.userId ?? "nobody");
    const request = new Request("http://localhost/me", { headers: { cookie: `sid=${id}` } });
    const first = await (await plain.handle(request)).text();
    await users.destroy(id);
    const second = await plain.handle(request);
    expect([first, await second.text(), second.headers.get("vary")]).toEqual(["u1", "nobody", "Cookie"]);
  });

  test("[SEC-15] an app that answers at once refuses requests from other sites, and says that the store is down", async () => {
    const memory = createMemorySessionStore();
    let isDown = false;
    const load = Object.assign(
      (key: string) => {
        if (isDown) throw new Error("down");
        return memory.load(key);
      },
      { atOnce: true as const },
    );
    const users = createSessionManager<UserData>({ ...memory, load });
    const { id } = await users.create({ userId: "u1" });
    const plain = new Elysia().use(sessions(users)).all("/me", () => "reached");
    const ask = async (init: RequestInit) => {
      const answer = await plain.fetch(new Request("http://localhost/me", init));
      return [answer.status, answer.headers.get("cache-control"), await answer.json()];
    };
    expect(await ask({ method: "POST", headers: { "sec-fetch-site": "cross-site" } })).toEqual([
      403,
      "no-store",
      { error: "This request came from another site, and was refused." },
    ]);
    isDown = true;
    expect(await ask({ headers: { cookie: `sid=${id}` } })).toEqual([
      503,
      "no-store",
      { error: "Sessions are unavailable for the moment. Nobody was signed out: try again shortly." },
    ]);
  });

  test("Eden has the routes' types, the answer of an outage among them", async () => {
    const api = treaty(app);
    const { response } = await api.login.post();
    const cookie = cookieFrom(response.headers.getSetCookie());
    const { data, error } = await api.me.get({ headers: { cookie } });
    expectTypeOf(data).toEqualTypeOf<{ userId: string | null } | null>();
    expect([data, error]).toEqual([{ userId: "u1" }, null]);
  });

  test("the context's session has the manager's type", () => {
    new Elysia().use(sessions(manager)).get("/", ({ session }) => {
      expectTypeOf(session).toEqualTypeOf<RequestSession<UserData>>();
      return "";
    });
  });

  test("instances that use it each for themselves have one load and one cookie, and others have none", async () => {
    const one = new Elysia()
      .use(sessions(manager))
      .get("/one", ({ session }) => session.current?.data.userId ?? "-");
    const two = new Elysia().use(sessions(manager)).get("/two", async ({ session }) => {
      await session.create({ userId: "u2" });
      return "ok";
    });
    const all = new Elysia()
      .use(one)
      .use(two)
      .get("/three", (context) => String("session" in context));
    const answers = [];
    for (const path of ["/two", "/one", "/three"]) {
      answers.push(await all.handle(new Request(`http://localhost${path}`)));
    }
    expect(answers.map(({ headers }) => headers.getSetCookie().length)).toEqual([1, 0, 0]);
    expect(await answers[2]?.text()).toBe("false");
    const cookie = cookieFrom(answers[0]?.headers.getSetCookie() ?? []);
    gated.calls.length = 0;
    const again = await all.handle(new Request("http://localhost/one", { headers: { cookie } }));
    expect([await again.text(), gated.calls.length]).toEqual(["u2", 1]);
  });

  test("the same manager with other options is loaded once for a request, too", async () => {
    const { id } = await manager.create({ userId: "u3" });
    const inner = new Elysia()
      .use(sessions(manager, { sameSite: "Strict" }))
      .get("/inner", ({ session }) => session.current?.data.userId ?? "-");
    const outer = new Elysia().use(sessions(manager)).use(inner);
    gated.calls.length = 0;
    const headers = { cookie: `sid=${id}` };
    const answer = await outer.handle(new Request("http://localhost/inner", { headers }));
    expect([await answer.text(), gated.calls.length]).toEqual(["u3", 1]);
  });

  test("an app that is printed shows no secret that signs the cookie", () => {
    const secret = "k9Xr2vN7cQ4tLw8sZb1mYh5jPd3fGa6e";
    const signed = new Elysia().use(sessions(manager, { secrets: [secret] })).get("/", () => "");
    const printed = Bun.inspect(signed, { depth: 20 });
    expect(printed).toContain("@ventostack/middleware-cookie/elysia");
    expect(printed).not.toContain(secret);
  });

  test("[SEC-15] what an app lets through from other sites, one that it uses still refuses", async () => {
    const inner = new Elysia().use(sessions(manager)).post("/inner", () => "ok");
    const outer = new Elysia()
      .use(sessions(manager, { crossSite: "allow" }))
      .use(inner)
      .post("/outer", () => "ok");
    const statusOf = async (path: string): Promise<number> => {
      const request = { method: "POST", headers: { "sec-fetch-site": "cross-site" } };
      return (await outer.handle(new Request(`http://localhost${path}`, request))).status;
    };
    expect([await statusOf("/outer"), await statusOf("/inner")]).toEqual([200, 403]);
  });

  test("a request that validation refuses is answered as ever", async () => {
    const body = JSON.stringify({ name: 1 });
    const headers = { "content-type": "application/json" };
    const response = await app.handle(
      new Request("http://localhost/checked", { method: "POST", body, headers }),
    );
    expect([response.status, response.headers.get("vary")]).toEqual([422, "Cookie"]);
  });

  test("a WebSocket has the session", async () => {
    const { id } = await manager.create({ userId: "u7" });
    const live = new Elysia()
      .use(sessions(manager))
      .ws("/live", {
        open: (socket) => void socket.send(socket.data.session.current?.data.userId ?? "nobody"),
      })
      .listen(0);
    const url = `ws://localhost:${live.server?.port}/live`;
    const socket = new WebSocket(url, { headers: { cookie: `sid=${id}` } });
    const message = Promise.withResolvers<unknown>();
    socket.addEventListener("message", ({ data }) => message.resolve(data));
    socket.addEventListener("error", message.reject);
    expect(await message.promise).toBe("u7");
    socket.close();
    await live.stop(true);
  });
});
