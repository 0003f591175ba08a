export const user = { id: "u1", role: "admin" };
