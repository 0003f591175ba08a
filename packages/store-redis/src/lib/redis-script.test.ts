import { expect, test } from "bun:test";
import { startRedis } from "@ventostack/testing/redis";
import type { RedisCommands } from "./redis-commands.ts";
import { defineScript, runScript } from "./redis-script.ts";

const script = defineScript("\n  return {KEYS[1],ARGV[1],ARGV[2]}  \n");

/** Answers EVALSHA and EVAL with what it is given, and notes what was sent. */
function recorder(answers: Record<string, () => unknown>): { commands: RedisCommands; sent: unknown[][] } {
  const sent: unknown[][] = [];
  return {
    sent,
    commands: {
      async send(key, command, args) {
        sent.push([key, command, ...args]);
        return answers[command]?.();
      },
    },
  };
}

const fail = (message: string) => (): never => {
  throw new Error(message);
};

test("the hash is the one by which a server knows the script", async () => {
  await using redis = await startRedis();
  expect(await redis.command("SCRIPT", "LOAD", script.source)).toBe(script.sha);
  expect(await redis.command("EVALSHA", script.sha, 1, "key", "a", "b")).toEqual(["key", "a", "b"]);
});

test("a script that the server knows is one command, with one key", async () => {
  const { commands, sent } = recorder({ EVALSHA: () => "answer" });
  expect(await runScript(commands, script, "key", "a", "b")).toBe("answer");
  expect(sent).toEqual([["key", "EVALSHA", script.sha, "1", "key", "a", "b"]]);
});

test("a server that does not know it gets the source", async () => {
  const { commands, sent } = recorder({
    EVALSHA: fail("NOSCRIPT No matching script. Please use EVAL."),
    EVAL: () => "answer",
  });
  expect(await runScript(commands, script, "key", "a")).toBe("answer");
  expect(sent.at(-1)).toEqual(["key", "EVAL", script.source, "1", "key", "a"]);
});

test.each(["READONLY You can't write", "Connection closed", "ERR user_script:1: NOSCRIPT"])(
  "an error that is no missing script is not tried again: %s",
  async (message) => {
    const { commands, sent } = recorder({ EVALSHA: fail(message), EVAL: () => "answer" });
    expect(await runScript(commands, script, "key").catch((error: Error) => error.message)).toBe(message);
    expect(sent).toHaveLength(1);
  },
);
