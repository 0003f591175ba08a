export type Scenario = "read" | "anonymous" | "login";

export interface Contender {
  /** The file, without its ending. */
  readonly server: string;
  readonly title: string;
  readonly kind: "floor" | "ours" | "peer";
}

/** Servers that are measured by turns, each round in the other direction. */
export interface Group {
  readonly name: string;
  readonly title: string;
  readonly scenario: Scenario;
  readonly contenders: readonly Contender[];
  /** Those to which each of the others is compared. */
  readonly bases: readonly string[];
}

const floor = (server: string, title: string): Contender => ({ server, title, kind: "floor" });
const ours = (server: string, title: string): Contender => ({ server, title, kind: "ours" });
const peer = (server: string, title: string): Contender => ({ server, title, kind: "peer" });

const bare = floor("servers/bare", "Bun.serve, no session");
const minimumMemory = floor("servers/minimum-memory", "hand-written minimum");
const minimumRedis = floor("servers/minimum-redis", "hand-written minimum, one GET");
const oursMemory = ours("servers/ventostack-memory", "VentoStack, memory");
const oursRedis = ours("servers/ventostack-redis", "VentoStack, Redis");

export const groups: readonly Group[] = [
  {
    name: "memory",
    title: "Signed-in read, sessions in memory",
    scenario: "read",
    bases: ["servers/minimum-memory", "servers/bare"],
    contenders: [bare, minimumMemory, oursMemory, peer("servers/documents-memory", "the guide's middleware")],
  },
  {
    name: "redis",
    title: "Signed-in read with sliding expiry, sessions in Redis",
    scenario: "read",
    bases: ["servers/minimum-redis", "servers/bare-redis"],
    contenders: [
      floor("servers/bare-redis", "Bun.serve, one GET, no session"),
      minimumRedis,
      oursRedis,
      peer("servers/documents-redis", "the guide's middleware"),
    ],
  },
  {
    name: "anonymous",
    title: "Anonymous request past the session middleware",
    scenario: "anonymous",
    bases: ["servers/bare-cookie-vary", "servers/bare-cookie"],
    contenders: [
      floor("servers/bare-cookie", "Bun.serve, reads the cookie header"),
      floor("servers/bare-cookie-vary", "the same, and answers with Vary"),
      oursMemory,
      peer("servers/documents-memory", "the guide's middleware"),
    ],
  },
  {
    name: "login-memory",
    title: "Log-in, sessions in memory",
    scenario: "login",
    bases: ["servers/minimum-memory"],
    contenders: [minimumMemory, oursMemory, peer("servers/documents-memory", "the guide's middleware")],
  },
  {
    name: "login-redis",
    title: "Log-in, sessions in Redis",
    scenario: "login",
    bases: ["servers/minimum-redis"],
    contenders: [minimumRedis, oursRedis, peer("servers/documents-redis", "the guide's middleware")],
  },
  {
    name: "hono",
    title: "Hono, signed-in read, sessions in memory",
    scenario: "read",
    bases: ["peers/minimum-hono", "peers/bare-hono", "servers/bare"],
    contenders: [
      bare,
      floor("peers/bare-hono", "Hono, no session"),
      floor("peers/minimum-hono", "hand-written minimum in Hono"),
      ours("peers/ventostack-hono", "VentoStack for Hono"),
      peer("peers/hono-sessions", "hono-sessions"),
      peer("peers/hono-session", "@hono/session"),
    ],
  },
  {
    name: "elysia",
    title: "Elysia, signed-in read, sessions in memory",
    scenario: "read",
    bases: ["peers/minimum-elysia", "peers/bare-elysia", "servers/bare"],
    contenders: [
      bare,
      floor("peers/bare-elysia", "Elysia, no session"),
      floor("peers/minimum-elysia", "hand-written minimum in Elysia"),
      ours("peers/ventostack-elysia", "VentoStack for Elysia"),
    ],
  },
  {
    name: "express",
    title: "Express, signed-in read",
    scenario: "read",
    bases: ["peers/bare-express", "servers/bare"],
    contenders: [
      bare,
      floor("peers/bare-express", "Express, no session"),
      ours("peers/ventostack-express", "VentoStack for Express, memory"),
      peer("peers/express-memory", "express-session, memory"),
      peer("peers/express-redis", "express-session, connect-redis"),
    ],
  },
  {
    name: "fastify",
    title: "Fastify, signed-in read",
    scenario: "read",
    bases: ["peers/bare-fastify", "servers/bare"],
    contenders: [
      bare,
      floor("peers/bare-fastify", "Fastify, no session"),
      ours("peers/ventostack-fastify", "VentoStack for Fastify, memory"),
      peer("peers/fastify-memory", "@fastify/session, memory"),
      peer("peers/fastify-redis", "@fastify/session, connect-redis"),
    ],
  },
  {
    name: "others",
    title: "Other libraries on Bun.serve, signed-in read",
    scenario: "read",
    bases: ["servers/minimum-memory", "servers/bare"],
    contenders: [
      bare,
      minimumMemory,
      oursMemory,
      oursRedis,
      peer("peers/iron-session", "iron-session, data in the cookie"),
      peer("peers/better-auth-memory", "better-auth, memory"),
      peer("peers/better-auth-sqlite", "better-auth, SQLite in memory"),
      peer("peers/better-auth-redis", "better-auth, Redis"),
    ],
  },
];
