import { createMemorySessionStore } from "@ventostack/auth";

export const store = createMemorySessionStore();
