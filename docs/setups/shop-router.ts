import { createMemorySessionStore, createSessionManager, createSessionMiddleware } from "@ventostack/auth";
import { createRouter } from "@ventostack/router";

export const session = createSessionManager(createMemorySessionStore());
export const sessions = createSessionMiddleware(session);
export const router = createRouter();
