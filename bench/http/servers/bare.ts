import { greeting, userOf } from "../user.ts";

const user = userOf({ email: "ada@example.com" });

/** No session at all: what Bun's server costs by itself. */
export function start(): number {
  const server = Bun.serve({
    port: 0,
    routes: {
      "/me": () => Response.json(user),
      "/hello": () => Response.json(greeting),
    },
  });
  return Number(server.port);
}
