import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { authenticatedAtOf, deviceIn, noteDevice, toDeviceFields } from "./session-notes.ts";
import type { SessionNotes, StoredSession } from "./session-store.ts";

describe("the fields of a device", () => {
  test("are kept as they are where they are short and printable", () => {
    const device = { userAgent: "Mozilla/5.0 (X11)", address: "2001:db8::1", label: "Ada's 📱, 李的电脑" };
    expect(toDeviceFields(device)).toEqual(device);
  });

  test("are cut, and not in the midst of a character", () => {
    const fields = toDeviceFields({
      userAgent: "a".repeat(600),
      address: "1".repeat(99),
      label: "📱".repeat(99),
    });
    expect(fields.userAgent).toHaveLength(512);
    expect(fields.address).toHaveLength(64);
    expect(fields.label).toBe("📱".repeat(64));
    expect(toDeviceFields({ label: `a${"📱".repeat(64)}` }).label).toBe(`a${"📱".repeat(63)}`);
  });

  test("hold nothing that breaks a line, moves a cursor or turns the text around it", () => {
    expect(toDeviceFields({ label: "\r\n a\u0000\u001b[2Jb\u0085c\u2028d\u202ee\u2066f\u007f " }).label).toBe(
      "a [2Jb c d e f",
    );
  });

  test("are forgotten where they are null, undefined or blank", () => {
    expect(toDeviceFields({ userAgent: null, address: undefined, label: " \n " })).toEqual({});
    expect(noteDevice({ device: { label: "a", address: "1" } }, toDeviceFields({ label: null }))).toEqual({
      device: { address: "1" },
    });
    expect(noteDevice({ device: { label: "a" } }, toDeviceFields({ label: "" }))).toBeUndefined();
  });

  test.each<[unknown, string]>([
    [undefined, "device is no object"],
    ["Firefox", "device is no object"],
    [{ label: 7 }, "device.label is of type number"],
    [{ userAgent: ["a"] }, "device.userAgent is of type object"],
    [{ useragent: "a" }, "device.useragent is none of userAgent, address, label"],
  ])("%p is refused", (device, message) => {
    expect(() => toDeviceFields(device)).toThrow(
      expect.objectContaining({ code: "INVALID_DATA", message: expect.stringContaining(message) }),
    );
  });

  test("whatever text comes in, what is noted is short, well-formed and stays the same when it is noted again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (label) => {
        const noted = toDeviceFields({ label }).label ?? "";
        expect(noted.length).toBeLessThanOrEqual(128);
        expect(noted.isWellFormed()).toBe(true);
        expect(noted).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        expect(toDeviceFields({ label: noted }).label ?? "").toBe(noted);
      }),
    );
  });
});

test("of the notes of a record nothing else than the known texts is taken for a device", () => {
  const noted = (device: unknown) => ({ device }) as SessionNotes;
  expect(deviceIn(noted({ label: "a", address: 7, color: "red" }))).toEqual({ label: "a" });
  for (const device of [undefined, null, "phone", {}, { color: "red" }]) {
    expect(deviceIn(noted(device))).toBeUndefined();
  }
});

describe("when the user last proved who they are", () => {
  const record: StoredSession = { id: "a", data: {}, expiresAt: 9, createdAt: 5, revision: 1, version: 1 };

  test("is what was noted, or else the creation of a user's session", () => {
    expect(authenticatedAtOf({ ...record, userKey: "u", notes: { authenticatedAt: 7 } })).toBe(7);
    expect(authenticatedAtOf({ ...record, userKey: "u" })).toBe(5);
  });

  test("is unknown for an anonymous session, and where the store kept neither", () => {
    expect(authenticatedAtOf(record)).toBeUndefined();
    expect(authenticatedAtOf({ ...record, userKey: "u", createdAt: 0 })).toBeUndefined();
    const notes = { authenticatedAt: "7" } as unknown as SessionNotes;
    expect(authenticatedAtOf({ ...record, notes })).toBeUndefined();
  });
});
