import { afterEach, describe, expect, spyOn, test } from "bun:test";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createSessionEvents, SESSION_CHANNEL, type SessionEvent } from "./session-events.ts";
import { createSessionNames, type SessionNames } from "./session-names.ts";

const names = createSessionNames("s:", true);
const clock = (): number => 5;
const unheard: SessionNames = {
  ...names,
  handleOf() {
    throw new Error("computed for nobody");
  },
};

const subscribers = new Set<(message: unknown) => void>();
function listen(): unknown[] {
  const heard: unknown[] = [];
  const subscriber = (message: unknown): void => void heard.push(message);
  subscribers.add(subscriber);
  subscribe(SESSION_CHANNEL, subscriber);
  return heard;
}
afterEach(() => {
  for (const subscriber of subscribers) unsubscribe(SESSION_CHANNEL, subscriber);
  subscribers.clear();
});

describe("an event", () => {
  test("has the names that the application knows, and no field for what is not known", () => {
    const told: SessionEvent[] = [];
    const events = createSessionEvents({ onEvent: (event) => told.push(event), clock }, names);
    events.emit("created", "s:key", "s:u1");
    events.emit("denied", undefined, undefined, "malformed");
    events.moved("s:old", "s:new", undefined);
    events.failed("STORE_TIMEOUT", "load", "s:key");
    expect(told).toEqual([
      { type: "created", at: 5, handle: "key", userId: "u1" },
      { type: "denied", at: 5, reason: "malformed" },
      { type: "regenerated", at: 5, handle: "new", reason: "replaces old" },
      { type: "store-failure", at: 5, handle: "key", reason: "STORE_TIMEOUT in load" },
    ]);
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });

  test("is the same for the option and for the channel, and nobody can change it", () => {
    const told: SessionEvent[] = [];
    const heard = listen();
    createSessionEvents({ onEvent: (event) => told.push(event), clock }, names).emit("created", "s:key");
    expect(heard).toEqual([{ type: "created", at: 5, handle: "key" }]);
    expect(heard[0]).toBe(told[0]);
    expect(() => Object.assign(told[0] ?? {}, { type: "updated" })).toThrow(TypeError);
  });

  test("costs nothing while nobody listens, and is told to whoever subscribes later", () => {
    const events = createSessionEvents({ onEvent: undefined, clock }, unheard);
    events.emit("created", "s:key");
    events.moved("s:old", "s:new", undefined);
    expect(events.wanted).toBe(false);
    const heard = listen();
    expect(events.wanted).toBe(true);
    expect(() => events.emit("created", "s:key")).toThrow("computed for nobody");
    expect(heard).toEqual([]);
  });
});

describe("a listener that fails", () => {
  test.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("full disk");
      },
    ],
    ["rejects", async () => Promise.reject(new Error("full disk"))],
  ])("because it %s is reported, breaks nothing, and keeps the event from nobody", async (_, onEvent) => {
    const reported = Promise.withResolvers<unknown[]>();
    const consoleError = spyOn(console, "error").mockImplementation((...args) => reported.resolve(args));
    try {
      const heard = listen();
      createSessionEvents({ onEvent, clock }, names).emit("created", "s:key");
      expect(await reported.promise).toEqual(["[session] onEvent threw", new Error("full disk")]);
      expect(heard).toHaveLength(1);
    } finally {
      consoleError.mockRestore();
    }
  });

  test("among the channel's subscribers is the process's business, as for every channel", async () => {
    const program = `
      import { subscribe } from "node:diagnostics_channel";
      import { createSessionEvents, SESSION_CHANNEL } from ${JSON.stringify(import.meta.resolve("./session-events.ts"))};
      process.on("uncaughtException", (error) => console.log("uncaught", error.message));
      subscribe(SESSION_CHANNEL, () => { throw new Error("full disk"); });
      createSessionEvents({ onEvent: undefined, clock: Date.now }, { handleOf: (key) => key }).emit("created", "key");
      console.log("goes on");`;
    const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe" });
    expect(await child.stdout.text()).toBe("goes on\nuncaught full disk\n");
  });
});

test("a record left out of a listing is told on the console where nobody listens", () => {
  const consoleError = spyOn(console, "error").mockImplementation(() => {});
  try {
    const error = new Error("unreadable");
    createSessionEvents({ onEvent: () => {}, clock }, names).leftOut(error);
    expect(consoleError).not.toHaveBeenCalled();
    createSessionEvents({ onEvent: undefined, clock }, names).leftOut(error);
    expect(consoleError.mock.calls).toEqual([["[session] A session was left out of a listing:", error]]);
  } finally {
    consoleError.mockRestore();
  }
});
