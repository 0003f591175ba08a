import { inspect } from "node:util";
import { expectTrue } from "../expect.ts";
import { defineCase, type SessionStoreCase } from "../store-case.ts";

const SECRET = "kit-secret-0123456789";

export const secrecyCases: readonly SessionStoreCase[] = [
  defineCase({
    name: "what a store rejects with names neither id, nor user, nor data",
    guarantee: "G7",
    needs: ["steps"],
    async run({ store, session, steps }) {
      const given = session(`id ${SECRET}`, { userKey: `user ${SECRET}`, data: { token: SECRET } });
      await store.set(given);
      const calls: Record<string, () => unknown> = {
        get: () => store.get(given.id),
        set: () => store.set(given),
        delete: () => store.delete(given.id),
        touch: () => store.touch(given.id, 60),
        load: () => store.load?.(given.id),
        insert: () => store.insert?.(given),
        replace: () => store.replace?.(given.id, { ...given, revision: 2 }, 1),
        refresh: () => store.refresh?.(given.id, 60),
        remove: () => store.remove?.(given.id),
        listByUser: () => store.listByUser?.(given.userKey ?? ""),
        deleteByUser: () => store.deleteByUser?.(given.userKey ?? ""),
      };
      const fault = steps.failAfter(0, "lasting");
      try {
        for (const [method, call] of Object.entries(calls)) {
          if (!(method in store)) continue;
          const error = await (async () => call())().then(
            () => undefined,
            (cause: unknown) => cause,
          );
          const text = `${inspect(error, { depth: 10, showHidden: true })} ${String(error)}`;
          expectTrue(!text.includes(SECRET), `The error of ${method} names what it must not.`);
        }
      } finally {
        fault.end();
      }
    },
  }),
];
