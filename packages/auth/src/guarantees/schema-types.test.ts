import { expectTypeOf, test } from "bun:test";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import {
  createMemorySessionStore,
  createSessionManager,
  type Session,
  type SessionInfo,
  type SessionManager,
  type StandardSchemaV1,
} from "../index.ts";

interface Account {
  userId: string;
  theme?: "dark" | "light" | undefined;
}

const store = createMemorySessionStore();

test("what a schema gives is what the data is, whoever made the schema", () => {
  const zod = z.object({ userId: z.string(), theme: z.enum(["dark", "light"]).optional() });
  expectTypeOf(createSessionManager(store, { schema: zod })).toEqualTypeOf<SessionManager<Account>>();
  const valibot = v.object({ userId: v.string(), visits: v.optional(v.number(), 0) });
  const visited = createSessionManager(store, { schema: valibot });
  expectTypeOf(visited).toEqualTypeOf<SessionManager<{ userId: string; visits: number }>>();
  const arktype = type({ userId: "string", visits: "number" });
  const counted = createSessionManager(store, { schema: arktype, ttl: 60 });
  expectTypeOf(counted).toEqualTypeOf<SessionManager<{ userId: string; visits: number }>>();
  expectTypeOf(counted.get).returns.resolves.toEqualTypeOf<Session<{
    userId: string;
    visits: number;
  }> | null>();
});

test("a type that is given has to be what the schema gives", () => {
  const schema = z.object({ userId: z.string() });
  expectTypeOf(createSessionManager<{ userId: string }>(store, { schema })).toEqualTypeOf<
    SessionManager<{ userId: string }>
  >();
  // @ts-expect-error the schema gives no role
  createSessionManager<{ userId: string; role: string }>(store, { schema });
});

test("the other options know the data by the schema", () => {
  const schema = z.object({ account: z.object({ id: z.string() }) });
  const sessions = createSessionManager(store, {
    schema,
    userIdOf: (data) => data.account.id,
    migrate: (data, { handle, createdAt }) => {
      expectTypeOf(data).toBeUnknown();
      expectTypeOf([handle, createdAt]).toEqualTypeOf<(string | number)[]>();
      return { account: { id: "u1" } };
    },
  });
  expectTypeOf(sessions).toEqualTypeOf<SessionManager<{ account: { id: string } }>>();
  // @ts-expect-error data that the schema needs
  void (() => sessions.create());
});

test("without a schema nothing changes", () => {
  expectTypeOf(createSessionManager(store)).toEqualTypeOf<SessionManager>();
  expectTypeOf(createSessionManager(store, { ttl: 60 })).toEqualTypeOf<SessionManager>();
  expectTypeOf(createSessionManager<Account>(store)).toEqualTypeOf<SessionManager<Account>>();
  expectTypeOf<SessionInfo<Account>["data"]>().toEqualTypeOf<Account>();
});

test("any validator's schema is one of ours", () => {
  expectTypeOf(z.object({ userId: z.string() })).toExtend<StandardSchemaV1<unknown, { userId: string }>>();
  expectTypeOf(v.object({ userId: v.string() })).toExtend<StandardSchemaV1<unknown, { userId: string }>>();
  expectTypeOf(type({ userId: "string" })).toExtend<StandardSchemaV1<unknown, { userId: string }>>();
});
