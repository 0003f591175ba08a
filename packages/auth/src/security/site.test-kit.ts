import { createRouter } from "@ventostack/router";
import { type RedisServer, startRedis } from "@ventostack/testing/redis";
import {
  createMemorySessionStore,
  createSessionManager,
  createSessionMiddleware,
  createSessionStore,
  type SessionManager,
  type SessionMiddlewareOptions,
  type SessionOptions,
  type SessionStore,
} from "../index.ts";

/** Where the sessions of a site are. */
export interface Storage {
  /** As another process would open it. */
  open(): Promise<SessionStore>;
  /** How many records and lists it holds. */
  count(): Promise<number>;
  /** Makes the record under the key unreadable. */
  corrupt(key: string): Promise<void>;
  stop(): Promise<void>;
}

export const storages: readonly [name: string, start: () => Promise<Storage>][] = [
  ["memory", startMemory],
  ["Redis", startRedisStorage],
];

async function startMemory(): Promise<Storage> {
  const store = createMemorySessionStore();
  return {
    open: async () => store,
    count: async () => store.size,
    async corrupt(key) {
      const record = store.load(key);
      if (record === null) throw new Error("There is no such record.");
      await store.set({ ...record, version: 99 } as typeof record);
    },
    stop: () => store.close(),
  };
}

async function startRedisStorage(): Promise<Storage> {
  const server: RedisServer = await startRedis();
  const opened: SessionStore[] = [];
  return {
    async open() {
      const store = await createSessionStore(server.url);
      opened.push(store);
      return store;
    },
    count: async () => Number(await server.command("DBSIZE")),
    async corrupt(key) {
      const keys = (await server.command("KEYS", `*${key.replace(/^.*:/, "")}`)) as string[];
      for (const each of keys) await server.command("SET", each, "no record", "KEEPTTL");
    },
    async stop() {
      for (const store of opened) await store.close?.();
      await server.stop();
    },
  };
}

/** One process of a site that signs people in. */
export interface Site {
  readonly origin: string;
  readonly manager: SessionManager;
  /** What `onFailure` was told. */
  readonly failures: unknown[];
  /** The next `PATCH /slow` has read its session and stands still until it is told to go on. */
  holdSlow(): { readonly reached: Promise<void>; release(): void };
  stop(): Promise<void>;
}

export async function startSite(
  storage: Storage,
  options: SessionOptions & { readonly middleware?: SessionMiddlewareOptions } = {},
): Promise<Site> {
  const { middleware, ...session } = options;
  const manager = createSessionManager(await storage.open(), session);
  const failures: unknown[] = [];
  const sessions = createSessionMiddleware(manager, {
    secure: "auto",
    onFailure: (error) => failures.push(error),
    ...middleware,
  });
  const router = createRouter().use(sessions);
  let slow: { arrive: () => void; released: Promise<void> } | undefined;

  router.post("/visit", async (ctx) => {
    await sessions.of(ctx).create({ cart: 1 });
    return ctx.json({ ok: true });
  });
  router.post("/login/:user", async (ctx) => {
    await sessions.of(ctx).create({ userId: ctx.params.user });
    return ctx.json({ ok: true });
  });
  router.post("/login-by-hand/:user", async (ctx) => {
    const { id } = await manager.create({ userId: ctx.params.user });
    const response = ctx.json({ ok: true });
    response.headers.set("Set-Cookie", `sid=${id}; HttpOnly; Secure; Max-Age=3600`);
    response.headers.append("Set-Cookie", "theme=dark; Path=/; Expires=Wed, 01 Jan 2031 00:00:00 GMT");
    return response;
  });
  router.post("/rise/:user", async (ctx) => {
    await sessions.of(ctx).regenerate({ userId: ctx.params.user });
    return ctx.json({ ok: true });
  });
  router.post("/prove", async (ctx) => {
    await sessions.of(ctx).regenerate({}, { authenticated: true });
    return ctx.json({ ok: true });
  });
  router.delete("/account", sessions.requireFresh(300), (ctx) => ctx.json({ ok: true }));
  router.post("/logout", async (ctx) => {
    await sessions.of(ctx).destroy();
    return ctx.json({ ok: true });
  });
  router.get("/me", (ctx) => {
    const { current } = sessions.of(ctx);
    return current === null ? ctx.json({ error: "Not signed in." }, 401) : ctx.json(current.data);
  });
  router.patch("/slow", async (ctx) => {
    slow?.arrive();
    await slow?.released;
    const updated = await sessions.of(ctx).update({ late: true });
    return ctx.json(updated?.data ?? null, updated === null ? 401 : 200);
  });
  const server = Bun.serve({ port: 0, ...router.onError((_, ctx) => ctx.text("failed", 500)).serve() });

  return {
    origin: server.url.origin,
    manager,
    failures,
    holdSlow() {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      slow = { arrive: reached.resolve, released: released.promise };
      return { reached: reached.promise, release: released.resolve };
    },
    stop: () => server.stop(true),
  };
}
