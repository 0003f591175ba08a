import { createMemorySessionStore, createSessionManager, parseCookie } from "@ventostack/auth";
import { createRouter, type Middleware } from "@ventostack/router";

export { type Middleware, parseCookie };

export const session = createSessionManager(createMemorySessionStore({ clock }), { clock });
export const router = createRouter();

export async function authenticateUser(
  email: string,
  password: string,
): Promise<{ id: string; role: string }> {
  if (password !== "secret") throw new Error("The password is wrong.");
  return { id: email, role: "admin" };
}
