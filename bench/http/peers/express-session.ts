import express from "express";
import session, { type Store } from "express-session";
import { greeting, refusal, TTL, type User, userOf } from "../user.ts";
import { listening } from "./listening.ts";

declare module "express-session" {
  interface SessionData {
    user?: User;
  }
}

/** express-session as its README has it; `undefined`: its own store in memory. */
export function serveExpressSession(store: Store | undefined): Promise<number> {
  const app = express();
  app.use(
    session({
      ...(store !== undefined && { store }),
      secret: "keyboard cat",
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: TTL * 1000, httpOnly: true, sameSite: "lax" },
    }),
  );
  app.get("/hello", (_, response) => void response.json(greeting));
  app.get("/me", ({ session: { user } }, response) => {
    if (user === undefined) response.status(401).json(refusal);
    else response.json(user);
  });
  app.post("/login", express.json(), (request, response, next) => {
    request.session.regenerate((error: unknown) => {
      if (error) return next(error);
      request.session.user = userOf(request.body);
      response.json({ ok: true });
    });
  });
  return listening(app.listen(0));
}
