import { createMemorySessionStore, createSessionManager } from "@ventostack/auth";

export const session = createSessionManager(createMemorySessionStore({ clock }), { clock });
