import { describe, expect, test } from "bun:test";
import {
  absoluteExpiry,
  idleExpiry,
  isExpired,
  isRefreshDue,
  touchedExpiry,
  touchSeconds,
} from "./expiry.ts";

const lifetimes = { ttl: 100, absoluteTtl: 250, touchInterval: 10 };

describe("expiry", () => {
  test("a session is alive one millisecond before its end and dead at it [ASVS 7.3.1]", () => {
    expect(isExpired({ expiresAt: 1000 }, 999)).toBe(false);
    expect(isExpired({ expiresAt: 1000 }, 1000)).toBe(true);
  });

  test("the absolute end counts even where the idle one was set later [ASVS 7.3.2]", () => {
    expect(isExpired({ expiresAt: 9000, absoluteExpiresAt: 1000 }, 999)).toBe(false);
    expect(isExpired({ expiresAt: 9000, absoluteExpiresAt: 1000 }, 1000)).toBe(true);
  });

  test("the absolute end is counted from the creation, and is none without the option", () => {
    expect(absoluteExpiry(5000, lifetimes)).toBe(255_000);
    expect(absoluteExpiry(5000, { ...lifetimes, absoluteTtl: undefined })).toBeUndefined();
  });

  test("the idle end never passes the absolute one", () => {
    expect(idleExpiry(0, 100, undefined)).toBe(100_000);
    expect(idleExpiry(200_000, 100, 250_000)).toBe(250_000);
  });

  test("a touch never shortens", () => {
    expect(touchedExpiry({ expiresAt: 500_000 }, 0, 100)).toBe(500_000);
    expect(touchedExpiry({ expiresAt: 50_000 }, 0, 100)).toBe(100_000);
  });

  test("a refresh is due once the touch interval has passed, not before", () => {
    const session = { expiresAt: 100_000 };
    expect(isRefreshDue(session, 9_999, lifetimes)).toBe(false);
    expect(isRefreshDue(session, 10_000, lifetimes)).toBe(true);
  });

  test("no refresh is due where it would gain nothing, and one is for the last stretch before the absolute end", () => {
    expect(isRefreshDue({ expiresAt: 250_000, absoluteExpiresAt: 250_000 }, 200_000, lifetimes)).toBe(false);
    expect(isRefreshDue({ expiresAt: 249_000, absoluteExpiresAt: 250_000 }, 200_000, lifetimes)).toBe(true);
  });

  test("seconds given to a plain store are whole when cut, and never pass the absolute end", () => {
    expect(touchSeconds({ expiresAt: 1 }, 0, 100)).toBe(100);
    expect(touchSeconds({ expiresAt: 1, absoluteExpiresAt: 5_900 }, 0, 100)).toBe(5);
    expect(touchSeconds({ expiresAt: 1, absoluteExpiresAt: 5_900 }, 5_901, 100)).toBeLessThan(0);
  });
});
