import { createSessionStore, type SessionStore } from "@ventostack/auth";
import { readSettings } from "./app.ts";
import { endEventStreams } from "./events.ts";

/** An app as its own program has it. */
export interface Started {
  readonly port: number | undefined;
  stop(): Promise<unknown>;
}

/** Starts the app as the environment says, and ends it in order when the program is told to. */
export async function run(
  start: (store: SessionStore, options: { ttl: number }, port: number) => Started | Promise<Started>,
): Promise<void> {
  const { port, store: url, ttl } = readSettings(process.env);
  const store = await createSessionStore(url);
  const started = await start(store, { ttl }, port);
  console.log(`listening on http://localhost:${started.port}`);

  const stop = async (): Promise<void> => {
    endEventStreams();
    await started.stop();
    await store.close?.();
    process.exit(0);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
}
