import { afterEach, describe, expect, spyOn, test } from "bun:test";
import { authenticateUser } from "./users.ts";

const password = "correct horse battery staple";
const verify = spyOn(Bun.password, "verify");

afterEach(() => {
  verify.mockClear();
});

describe("authenticateUser", () => {
  test("gives the account for the right password", async () => {
    expect(await authenticateUser("ada@example.com", password)).toEqual({
      id: "u-ada",
      email: "ada@example.com",
      role: "admin",
    });
    expect(await authenticateUser("grace@example.com", password)).toEqual({
      id: "u-grace",
      email: "grace@example.com",
      role: "user",
    });
  });

  test("ignores the e-mail's case and the space around it", async () => {
    const user = await authenticateUser("  Ada@Example.COM\n", password);
    expect(user?.id).toBe("u-ada");
  });

  test("hands out a copy, so that a caller cannot change the table", async () => {
    const user = await authenticateUser("grace@example.com", password);
    if (user === null) throw new Error("expected an account");
    user.role = "admin";
    expect((await authenticateUser("grace@example.com", password))?.role).toBe("user");
  });

  for (const wrong of ["", "wrong", `${password} `, password.toUpperCase()]) {
    test(`refuses the password ${JSON.stringify(wrong)}, at the cost of one verification`, async () => {
      expect(await authenticateUser("ada@example.com", wrong)).toBeNull();
      expect(verify).toHaveBeenCalledTimes(1);
    });
  }

  for (const unknown of ["", "nobody@example.com", "ada@example.co", "__proto__", "constructor"]) {
    test(`refuses the unknown e-mail ${JSON.stringify(unknown)}, at the cost of one verification`, async () => {
      expect(await authenticateUser(unknown, password)).toBeNull();
      expect(verify).toHaveBeenCalledTimes(1);
    });
  }

  test("checks an unknown e-mail against a hash of the same cost as a known one", async () => {
    await authenticateUser("ada@example.com", "wrong");
    await authenticateUser("nobody@example.com", "wrong");
    const [known, unknown] = verify.mock.calls.map(([, hash]) =>
      String(hash).split("$").slice(0, 4).join("$"),
    );
    expect(known).toStartWith("$argon2id$");
    expect(unknown).toBe(known);
  });
});
