import { once } from "node:events";
import type { Server } from "node:http";

/** The port of a server that has been told to listen. */
export async function listening(server: Server): Promise<number> {
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  return address.port;
}
