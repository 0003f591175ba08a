import { describe, expect, test } from "bun:test";
import { mistyped } from "./mistyped.test-kit.ts";
import type { DeviceReader } from "./request-device.ts";
import { createVisits, type VisitHandler, type Visits } from "./visits.test-kit.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const from = (userAgent: string): RequestInit => ({ headers: { "user-agent": userAgent } });

const byHand =
  ({ manager }: Visits): VisitHandler =>
  async () => {
    const { id } = await manager.create({ userId: "u1" });
    return new Response("done", { headers: { "set-cookie": `sid=${id}; Max-Age=3600` } });
  };
const throughOf =
  ({ sessions }: Visits, device?: object): VisitHandler =>
  async (ctx) => {
    await sessions.of(ctx).create({ userId: "u1" }, device && { device });
    return new Response();
  };
const devicesOf = async ({ manager }: Visits): Promise<unknown[]> =>
  (await manager.listByUser("u1")).map(({ device }) => device);

describe("what a log-in notes of the device", () => {
  const readAddress: DeviceReader = ({ headers }) => ({
    userAgent: headers.get("user-agent"),
    address: headers.get("x-real-ip"),
  });

  test.each<[string, (visits: Visits) => VisitHandler]>([
    ["of(ctx).create", throughOf],
    ["a cookie written by hand", byHand],
  ])("with device: true the User-Agent, by %s", async (_, logIn) => {
    const visits = createVisits({ middleware: { device: true } });
    await visits.visit(undefined, logIn(visits), from(FIREFOX));
    expect(await devicesOf(visits)).toEqual([{ userAgent: FIREFOX }]);
  });

  test("with a function what that gives", async () => {
    const visits = createVisits({ middleware: { device: readAddress } });
    const headers = { "user-agent": FIREFOX, "x-real-ip": "192.0.2.7" };
    for (const logIn of [throughOf(visits), byHand(visits)])
      await visits.visit(undefined, logIn, { headers });
    const noted = { userAgent: FIREFOX, address: "192.0.2.7" };
    expect(await devicesOf(visits)).toEqual([noted, noted]);
  });

  test("with what the handler says besides, which counts before that", async () => {
    const visits = createVisits({ middleware: { device: true } });
    const logIn = throughOf(visits, { label: "Kiosk", userAgent: "mine" });
    await visits.visit(undefined, logIn, from(FIREFOX));
    expect(await devicesOf(visits)).toEqual([{ userAgent: "mine", label: "Kiosk" }]);
  });

  test("nothing unless it is asked for, and nothing where there is no such header", async () => {
    for (const device of [undefined, false, true, () => undefined] as const) {
      const visits = createVisits({ middleware: device === undefined ? {} : { device } });
      const userAgent: RequestInit = device === true ? {} : from(FIREFOX);
      for (const logIn of [throughOf(visits), byHand(visits)])
        await visits.visit(undefined, logIn, userAgent);
      expect(await devicesOf(visits)).toEqual([undefined, undefined]);
    }
  });
});

describe("a cookie written by hand", () => {
  test("costs no store call more without the option", async () => {
    const visits = createVisits();
    await visits.visit(undefined, byHand(visits), from(FIREFOX));
    expect(visits.calls()).toEqual(["insert"]);
  });

  test("that is sent again by hand is no log-in, and notes nothing anew", async () => {
    const visits = createVisits({ middleware: { device: true } });
    const { id, cookie } = await visits.signIn();
    const again: VisitHandler = () => new Response("", { headers: { "set-cookie": `sid=${id}` } });
    await visits.visit(cookie, again, from(FIREFOX));
    expect(visits.calls()).toEqual(["load"]);
  });

  test("of a session that of(ctx).create has made, notes nothing twice", async () => {
    const visits = createVisits({ middleware: { device: true } });
    const both: VisitHandler = async (ctx) => {
      const { id } = await visits.sessions.of(ctx).create({ userId: "u1" });
      return new Response("", { headers: { "set-cookie": `sid=${id}` } });
    };
    await visits.visit(undefined, both, from(FIREFOX));
    expect(visits.calls()).toEqual(["insert"]);
    expect(await devicesOf(visits)).toEqual([{ userAgent: FIREFOX }]);
  });

  test("signs in although the note fails, and onFailure is told", async () => {
    const failing: DeviceReader = () => {
      throw new Error("no address");
    };
    const visits = createVisits({ middleware: { device: failing } });
    const { cookies, response } = await visits.visit(undefined, byHand(visits));
    expect([response.status, cookies.length]).toEqual([200, 1]);
    expect(visits.failures.map(String)).toEqual(["Error: no address"]);
  });

  test("signs in although the store fails in the note", async () => {
    const visits = createVisits({
      middleware: { device: true },
      store: { replace: () => Promise.reject(new Error("connection refused")) },
    });
    const { cookies, response } = await visits.visit(undefined, byHand(visits), from(FIREFOX));
    expect([response.status, cookies.length]).toEqual([200, 1]);
    expect(visits.failures).toMatchObject([{ code: "STORE_UNAVAILABLE" }]);
  });
});

test.each<unknown>(["yes", null, 1, {}])("the option device: %p is refused", (device) => {
  expect(() => createVisits({ middleware: { device: mistyped(device) } })).toThrow("The option device is ");
});
