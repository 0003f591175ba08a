import { describe, expect, test } from "bun:test";
import { errorCode, SessionError } from "./session-error.ts";

describe("SessionError", () => {
  test("has a name, a code and a cause", () => {
    const cause = new Error("socket closed");
    const error = new SessionError("STORE_UNAVAILABLE", "down", { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.cause, error.message]).toEqual([
      "SessionError",
      "STORE_UNAVAILABLE",
      cause,
      "down",
    ]);
    expect(String(error)).toBe("SessionError: down");
  });

  test("is known by name and code, whichever copy of the package or store made it", () => {
    const fromStore = Object.assign(new Error("bad"), { name: "SessionError", code: "CORRUPT_RECORD" });
    expect(fromStore).toBeInstanceOf(SessionError);
    expect(Object.assign(new Error("x"), { code: "CORRUPT_RECORD" })).not.toBeInstanceOf(SessionError);
    expect(Object.assign(new Error("x"), { name: "SessionError", code: "ENOENT" })).not.toBeInstanceOf(
      SessionError,
    );
    expect({ name: "SessionError", code: "CORRUPT_RECORD" }).not.toBeInstanceOf(SessionError);
  });

  test("of a class derived from it only that one's instances are instances", () => {
    class LimitError extends SessionError {}
    expect(new SessionError("LIMIT_REACHED", "x")).not.toBeInstanceOf(LimitError);
    expect(new LimitError("LIMIT_REACHED", "x")).toBeInstanceOf(LimitError);
    expect(new LimitError("LIMIT_REACHED", "x")).toBeInstanceOf(SessionError);
  });

  test("errorCode gives only codes of its own", () => {
    expect(errorCode(Object.assign(new Error("x"), { code: "UNSUPPORTED" }))).toBe("UNSUPPORTED");
    expect(errorCode(Object.assign(new Error("x"), { code: "ECONNREFUSED" }))).toBeUndefined();
    expect(errorCode("UNSUPPORTED")).toBeUndefined();
  });
});
