/** A demo account, without its password. */
export interface User {
  id: string;
  email: string;
  role: "admin" | "user";
}

const demoPassword = "correct horse battery staple";

const demoUsers: readonly User[] = [
  { id: "u-ada", email: "ada@example.com", role: "admin" },
  { id: "u-grace", email: "grace@example.com", role: "user" },
];

/** One cost for every hash, the stand-in included. OWASP Password Storage Cheat Sheet: 19 MiB, two passes. */
const argon2id = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

/** What an unknown e-mail is checked against. The password is random and forgotten, so nothing matches it. */
const standIn = await Bun.password.hash(crypto.randomUUID(), argon2id);

// A Map, not an object: "__proto__" and "constructor" are then unknown e-mails like any other.
const accounts = new Map(
  await Promise.all(
    demoUsers.map(async (user) => {
      const hash = await Bun.password.hash(demoPassword, argon2id);
      return [user.email, { user, hash }] as const;
    }),
  ),
);

/**
 * The account with this e-mail and password, or `null` when there is none.
 *
 * The e-mail is trimmed and its case ignored; the password is taken as it is. An unknown e-mail costs one password
 * verification like a wrong password does, so the time an answer takes does not tell who has an account (ASVS 5.0, 6.3.8).
 */
export async function authenticateUser(email: string, password: string): Promise<User | null> {
  const account = accounts.get(email.trim().toLowerCase());
  const matches = await Bun.password.verify(password, account?.hash ?? standIn);
  return account !== undefined && matches ? { ...account.user } : null;
}
