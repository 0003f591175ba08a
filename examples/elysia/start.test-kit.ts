import type { StartApp } from "@ventostack/example-shared/http-interface";
import { createApp } from "./app.ts";

/** On a port of its own. */
export const start: StartApp = (store, settings) => {
  const app = createApp(store, settings).listen(0);
  return {
    origin: `http://localhost:${app.server?.port}`,
    async stop() {
      await app.stop(true);
    },
  };
};
