import { type BetterAuthOptions, betterAuth } from "better-auth";
import { greeting, refusal, TTL, userOf } from "../user.ts";

const password = "correct horse battery staple";

/** better-auth behind Bun's own routes; its hash of the password is replaced, since the others have none. */
export function serveBetterAuth(options: BetterAuthOptions): number {
  const auth = betterAuth({
    ...options,
    baseURL: "http://localhost",
    secret: "a secret with minimum length of 32 characters",
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    session: { expiresIn: TTL, updateAge: TTL / 10 },
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      password: { hash: async (text) => text, verify: async ({ hash, password }) => hash === password },
    },
  });

  const server = Bun.serve({
    port: 0,
    routes: {
      "/hello": async ({ headers }) => {
        await auth.api.getSession({ headers });
        return Response.json(greeting);
      },
      "/me": async ({ headers }) => {
        const session = await auth.api.getSession({ headers });
        if (session === null) return Response.json(refusal, { status: 401 });
        const { email, createdAt } = session.user;
        return Response.json({ userId: email, role: "user", loginAt: createdAt });
      },
      "/login": {
        POST: async (request) => {
          const { userId: email } = userOf(await request.json());
          // The first time: an account, which a session there has to have.
          await auth.api.signUpEmail({ body: { email, password, name: email } }).catch(() => undefined);
          return auth.api.signInEmail({
            body: { email, password },
            headers: request.headers,
            asResponse: true,
          });
        },
      },
    },
  });
  return Number(server.port);
}
