import { requireServer, serverPrograms } from "../../testing/require-server.ts";

/** Makes sure that the servers which the tests start are installed. Quick when they are. */
export async function installServers(): Promise<void> {
  // One at a time: the package manager lets only one in.
  for (const program of serverPrograms) await requireServer(program);
}
