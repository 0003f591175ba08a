import {
  createSessionManager,
  createSessionMiddleware,
  type SessionOptions,
  type SessionStore,
} from "@ventostack/auth";
import { createRouter } from "@ventostack/router";

/** The application of the page: it is given its store and its clock. */
export function createApp(store: SessionStore, options: SessionOptions = {}) {
  const session = createSessionManager(store, { ttl: 3600, ...options });
  const sessions = createSessionMiddleware(session);
  const router = createRouter().use(sessions);
  router.post("/login", async (ctx) => {
    await sessions.of(ctx).create({ userId: "u1" });
    return ctx.json({ ok: true });
  });
  router.get("/me", (ctx) => {
    const { current } = sessions.of(ctx);
    return current === null ? ctx.json({ error: "You are not signed in." }, 401) : ctx.json(current.data);
  });
  return { session, router };
}
