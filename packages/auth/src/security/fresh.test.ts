import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createBrowser } from "@ventostack/testing";
import { type Storage, startSite, storages } from "./site.test-kit.ts";

describe.each(storages)("how long ago the user proved who they are, on %s:", (_, startStorage) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await startStorage();
  });
  afterAll(() => storage.stop());

  test("[SEC-10] a route that asks for a fresh log-in, over HTTP [ASVS 7.5.1, 7.5.3]", async () => {
    let ahead = 0;
    const site = await startSite(storage, { clock: () => Date.now() + ahead, touchInterval: 0 });
    try {
      const person = createBrowser(site.origin);
      const statusOf = async (): Promise<number> => (await person.send("DELETE", "/account")).status;
      expect(await statusOf()).toBe(401);
      await person.send("POST", "/login/ada");
      expect(await statusOf()).toBe(200);
      ahead = 301_000;
      // This request extends the session: that is no proof of anything.
      expect((await person.fetch("/me")).status).toBe(200);
      expect(await statusOf()).toBe(403);
      expect((await person.fetch("/me")).status).toBe(200);
      await person.send("POST", "/prove");
      expect(await statusOf()).toBe(200);
      const [listed] = await site.manager.listByUser("ada");
      expect((listed?.authenticatedAt ?? 0) - (listed?.createdAt ?? 0)).toBeGreaterThanOrEqual(301_000);
    } finally {
      await site.stop();
    }
  });
});
