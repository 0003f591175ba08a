import {
  createSessionManager,
  createSessionMiddleware,
  type SessionStore,
} from "../../../packages/auth/src/index.ts";
import { createRouter } from "../../../packages/router/src/index.ts";
import { greeting, refusal, TTL, userOf } from "../user.ts";

/** This project: its router with its cookie middleware, all options at their defaults. */
export function serveVentostack(store: SessionStore): number {
  const sessions = createSessionMiddleware(createSessionManager(store, { ttl: TTL }));
  const router = createRouter();
  router.use(sessions);
  router.get("/hello", (ctx) => ctx.json(greeting));
  router.get("/me", (ctx) => {
    const { current } = sessions.of(ctx);
    return current === null ? ctx.json(refusal, 401) : ctx.json(current.data);
  });
  router.post("/login", async (ctx) => {
    await sessions.of(ctx).create({ ...userOf(await ctx.request.json()) });
    return ctx.json({ ok: true });
  });
  return Number(Bun.serve({ port: 0, ...router.serve() }).port);
}
