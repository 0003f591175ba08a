/** What is used here of what betterAuth() gives. */
const auth = {
  api: {
    getSession: async ({ headers }: { headers: Headers }) =>
      headers.get("cookie")?.includes("better-auth.session_token=known")
        ? { user: { id: "u1", role: "admin" }, session: { token: "known" } }
        : null,
    signOut: async (_: { headers: Headers }) => ({ success: true }),
  },
};
