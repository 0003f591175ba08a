import fc from "fast-check";
import { isLinearizable } from "./linearize.ts";
import type { Asked, Patch } from "./operations.ts";
import { type Program, runProgram, type StoreUnderTest } from "./run-program.ts";
import { describeHistory, toScript } from "./script.ts";
import { sessionSpecification } from "./session-specification.ts";

const on = fc.nat(7);
const user = fc.constantFrom("u1", "u2");
/** Few keys and few values, so that calls meet. */
const patch: fc.Arbitrary<Patch> = fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom(1, 2, null), {
  maxKeys: 2,
});
const owned = <Value extends object>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.tuple(values, fc.option(user, { nil: undefined, freq: 3 })).map(([value, userId]) => ({
    ...value,
    ...(userId !== undefined && { userId }),
  }));

const onOneSession: fc.Arbitrary<Asked> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("create" as const), data: owned(fc.constant({})) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("get" as const, "touch" as const, "refresh" as const, "refreshIfDue" as const),
      on,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("destroy" as const), on }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("merge" as const, "regenerate" as const),
      on,
      patch: owned(patch),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("destroyByHandle" as const), on, user }) },
);

const onUsers: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({ do: fc.constant("listByUser" as const), user }),
  fc.record(
    { do: fc.constant("destroyByUser" as const), user, except: on },
    { requiredKeys: ["do", "user"] },
  ),
) as fc.Arbitrary<Asked>;

export interface ProgramOptions {
  /** Whether the store can find a user's sessions. */
  readonly byUser: boolean;
}

/** At most 4 calls under way at once and 18 in all, which the checker has looked through in milliseconds. */
export function programs({ byUser }: ProgramOptions): fc.Arbitrary<Program> {
  const asked = byUser
    ? fc.oneof({ weight: 5, arbitrary: onOneSession }, { weight: 1, arbitrary: onUsers })
    : onOneSession;
  const clients = fc.array(fc.array(asked, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
  const logIns = fc.record({
    do: fc.constant("create" as const),
    data: owned(fc.constant({ a: 0 })),
  });
  return fc.record({
    rounds: fc
      .tuple(
        fc.array(logIns, { minLength: 1, maxLength: 3 }),
        fc.array(fc.record({ clients, pause: fc.nat(90) }), { minLength: 1, maxLength: 3 }),
      )
      // Something to meet at, and then calls that do.
      .map(([first, rounds]) => [{ clients: [first], pause: 0 }, ...rounds]),
    choices: fc.array(fc.nat(11), { minLength: 1, maxLength: 60 }),
  });
}

/** Runs one program, and throws with all there is to know where what the clients saw cannot have happened. */
export async function checkProgram(store: StoreUnderTest, program: Program): Promise<void> {
  const history = await runProgram(store, program).catch((error: unknown) => {
    throw new Error(`${toScript(store.name, program)}\nA call failed: ${error}`, { cause: error });
  });
  if (isLinearizable(history, sessionSpecification)) return;
  throw new Error(
    `No order of these calls explains their answers.\n${describeHistory(history)}\n${toScript(store.name, program)}`,
  );
}

/** Random programs; the one that fails is made as small as it can be. `seed`: of a run that failed, to have it again. */
export async function checkPrograms(
  store: StoreUnderTest,
  { runs, seed, ...options }: ProgramOptions & { runs: number; seed?: number },
): Promise<void> {
  const property = fc.asyncProperty(programs(options), (program) => checkProgram(store, program));
  const result = await fc.check(property, { numRuns: runs, ...(seed !== undefined && { seed }) });
  if (!result.failed) return;
  const { errorInstance, seed: used, numRuns, numShrinks } = result;
  const found = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`Seed ${used}, program ${numRuns}, made smaller ${numShrinks} times.\n${found}`);
}
