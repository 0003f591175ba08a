import type { StartApp } from "@ventostack/example-shared/http-interface";
import { createApp } from "./app.ts";

/** On a port of its own. */
export const start: StartApp = (store, settings) => {
  const server = Bun.serve({ port: 0, ...createApp(store, settings).serve() });
  return { origin: server.url.origin, stop: () => server.stop(true) };
};
