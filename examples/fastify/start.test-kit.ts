import type { StartApp } from "@ventostack/example-shared/http-interface";
import { createApp } from "./app.ts";

/** On a port of its own. */
export const start: StartApp = async (store, settings) => {
  const app = createApp(store, settings);
  const origin = await app.listen({ port: 0 });
  return { origin, stop: () => app.close() };
};
