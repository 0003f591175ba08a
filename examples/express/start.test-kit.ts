import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { StartApp } from "@ventostack/example-shared/http-interface";
import { createApp } from "./app.ts";

/** On a port of its own. */
export const start: StartApp = async (store, settings) => {
  const server = createApp(store, settings).listen(0);
  await once(server, "listening");
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
