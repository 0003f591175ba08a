import { afterAll } from "bun:test";
import { describeSessionStore } from "@ventostack/store-testkit";
import { startRedis } from "@ventostack/testing/redis";
import { createRedisClient, createRedisSessionStore } from "../index.ts";

const server = await startRedis();
const client = createRedisClient({ url: server.url });
afterAll(async () => {
  await client.close();
  await server.stop();
});

describeSessionStore(
  "createRedisClient({ url })",
  ({ space, step }) =>
    createRedisSessionStore({
      client: {
        send: async (command: string, args: string[]) => {
          await step();
          return client.send(command, args);
        },
      },
      keyPrefix: `${space}:`,
    }),
  { connectAgain: ({ space }) => createRedisSessionStore({ client, keyPrefix: `${space}:` }) },
);
