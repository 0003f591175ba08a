import { expectTypeOf, test } from "bun:test";
import type { CreateArguments, SessionPatch } from "./session-manager-types.ts";

interface Data {
  userId: string;
  theme?: "dark" | "light";
}

test("a patch may remove optional keys only, and set what the data's type knows", () => {
  expectTypeOf({ theme: undefined }).toExtend<SessionPatch<Data>>();
  // @ts-expect-error a key that the data needs
  const withoutUser: SessionPatch<Data> = { userId: undefined };
  // @ts-expect-error no such key
  const misspelt: SessionPatch<Data> = { them: "dark" };
  // @ts-expect-error no such value
  const other: SessionPatch<Data> = { theme: "blue" };
  expectTypeOf([withoutUser, misspelt, other]).items.toEqualTypeOf<SessionPatch<Data>>();
});

test("create needs no data only where every key is optional", () => {
  expectTypeOf<[]>().not.toExtend<CreateArguments<Data>>();
  expectTypeOf<[]>().toExtend<CreateArguments<{ theme?: string }>>();
});
