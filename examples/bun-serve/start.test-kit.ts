import type { StartApp } from "@ventostack/example-shared/http-interface";
import { serveApp } from "./app.ts";

/** On a port of its own. */
export const start: StartApp = (store, settings) => {
  const server = serveApp(store, settings);
  return { origin: server.url.origin, stop: () => server.stop(true) };
};
