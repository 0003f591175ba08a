import type { Call } from "./linearize.ts";
import type { Operation } from "./operations.ts";
import type { Program } from "./run-program.ts";

/** One line for each call, in the order in which they were made. */
export function describeHistory(history: readonly Call<Operation>[]): string {
  const first = Math.min(...history.map(({ operation }) => operation.from));
  const lines = [...history]
    .sort((one, other) => one.calledAt - other.calledAt)
    .map(({ client, calledAt, returnedAt, operation: { asked, id = "", except, from, answer } }) => {
      const { do: name, on: _, except: __, ...rest } = { on: 0, except: 0, ...asked };
      const about = [id, ...Object.values(rest), except].filter((part) => part !== undefined && part !== "");
      const given = JSON.stringify(answer, (key, value) =>
        key.endsWith("At") && typeof value === "number" ? value - first : value,
      );
      const when = `${String(calledAt).padStart(3)} to ${String(returnedAt).padStart(3)}`;
      return `${when}, at ${from - first} ms, client ${client}: ${name} ${about.map((part) => JSON.stringify(part)).join(" ")} -> ${given}`;
    });
  return lines.join("\n");
}

/** A test that does it again, to be pasted into the test file that found it. */
export function toScript(store: string, program: Program): string {
  return [
    "To have it again, paste this into the test file:",
    "",
    `test("the history that failed", async () => {`,
    `  await checkProgram(stores[${JSON.stringify(store)}], ${JSON.stringify(program)});`,
    "});",
    "",
  ].join("\n");
}
