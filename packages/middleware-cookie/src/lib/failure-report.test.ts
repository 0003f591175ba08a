import { describe, expect, spyOn, test } from "bun:test";
import { createVisits } from "./visits.test-kit.ts";

describe("an onFailure that throws costs nobody the answer, and is told of on the console", () => {
  const failing = new Error("the log is full");
  const onFailure = (): never => {
    throw failing;
  };

  test.each<[string, () => Promise<number>]>([
    [
      "where the session could not be extended",
      async () => {
        const refresh = async (): Promise<never> => {
          throw new Error("down");
        };
        const { visit, signIn, clock } = createVisits({ store: { refresh }, middleware: { onFailure } });
        const { cookie } = await signIn();
        clock.advance(360_000);
        return (await visit(cookie)).response.status;
      },
    ],
    [
      "where the record could not be read",
      async () => {
        const { visit, signIn, held, memory } = createVisits({ middleware: { onFailure } });
        const { cookie, id } = await signIn();
        await memory.set(Object.assign({}, held(id), { version: 99 }));
        return (await visit(cookie)).response.status;
      },
    ],
  ])("%s", async (_, visited) => {
    const consoleError = spyOn(console, "error").mockImplementation(() => undefined);
    try {
      expect(await visited()).toBe(200);
      expect(consoleError.mock.calls).toEqual([["[session] onFailure threw", failing]]);
    } finally {
      consoleError.mockRestore();
    }
  });
});
