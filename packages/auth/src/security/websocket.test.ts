import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createRouter } from "@ventostack/router";
import { createSessionManager, createSessionMiddleware, type SessionManager } from "../index.ts";
import { type Storage, storages } from "./site.test-kit.ts";

describe.each(storages)("a WebSocket that a session's cookie opens, on %s:", (_, startStorage) => {
  let storage: Storage;
  let manager: SessionManager;
  let server: Bun.Server<unknown>;
  beforeAll(async () => {
    storage = await startStorage();
    manager = createSessionManager(await storage.open());
    const sessions = createSessionMiddleware(manager);
    const router = createRouter().use(sessions);
    router.get("/live", (ctx) => {
      const { current } = sessions.of(ctx);
      if (current === null) return ctx.json({ error: "Not signed in." }, 401);
      ctx.server.upgrade(ctx.request, { data: undefined });
      return new Response();
    });
    const open = (socket: Bun.ServerWebSocket): void => {
      socket.send("welcome");
    };
    server = Bun.serve({ port: 0, ...router.serve(), websocket: { open, message: () => {} } });
  });
  afterAll(async () => {
    await server.stop(true);
    await storage.stop();
  });

  /** What the server says first, or nothing where it refuses the handshake. */
  async function connect(headers: Record<string, string>): Promise<unknown> {
    const { id } = await manager.create({ userId: "u1" });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const url = `ws://localhost:${server.port}/live`;
    const socket = new WebSocket(url, { headers: { cookie: `sid=${id}`, ...headers } });
    socket.onmessage = ({ data }) => resolve(data);
    socket.onclose = () => resolve(undefined);
    const said = await promise;
    socket.close();
    return said;
  }

  test("[SEC-15] is open to the site's own pages, and to what is no browser [ASVS 4.4.2]", async () => {
    expect(await connect({ origin: `http://localhost:${server.port}` })).toBe("welcome");
    expect(await connect({})).toBe("welcome");
  });

  test.each<[string, Record<string, string>]>([
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["another site, by an old browser", { origin: "https://evil.example" }],
    ["a page without an origin", { origin: "null" }],
  ])("[SEC-15] is closed to %s", async (_, headers) => {
    expect(await connect(headers)).toBeUndefined();
  });
});
