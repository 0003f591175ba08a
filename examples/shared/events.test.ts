import { afterEach, expect, test } from "bun:test";
import { createMemorySessionStore, createSessionManager, type SessionManager } from "@ventostack/auth";
import { answerEvents, countEventStreams, pace } from "./events.ts";

const usual = { ...pace };
afterEach(() => {
  Object.assign(pace, usual);
  expect(countEventStreams()).toBe(0);
});

interface Data {
  userId: string;
}

async function signedIn(): Promise<{ manager: SessionManager<Data>; cookies: string }> {
  const manager = createSessionManager<Data>(createMemorySessionStore());
  const { id } = await manager.create({ userId: "u-ada" });
  return { manager, cookies: `sid=${id}` };
}

async function open({ manager, cookies }: Awaited<ReturnType<typeof signedIn>>) {
  const { body } = await answerEvents(manager, "GET", cookies);
  if (body === null) throw new Error("There is no stream.");
  return body.pipeThrough(new TextDecoderStream()).getReader();
}

test("a stream on which nothing happens gives a sign of life", async () => {
  Object.assign(pace, { look: 2, signOfLife: 6 });
  const events = await open(await signedIn());
  expect((await events.read()).value).toStartWith("retry: 2000\nevent: sessions\ndata: [{");
  for (let sign = 0; sign < 3; sign++) expect(await events.read()).toEqual({ done: false, value: ":\n\n" });
  await events.cancel();
});

test("a stream ends when it is old, and the session lives on", async () => {
  Object.assign(pace, { look: 2, lifetime: 6 });
  const someone = await signedIn();
  const events = await open(someone);
  expect((await events.read()).done).toBe(false);
  expect(await events.read()).toEqual({ done: true, value: undefined });
  expect((await answerEvents(someone.manager, "HEAD", someone.cookies)).status).toBe(200);
});

test("a stream that nobody reads costs nothing, however many there are", async () => {
  const someone = await signedIn();
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => answerEvents(someone.manager, "GET", someone.cookies)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
  expect(countEventStreams()).toBe(0);
  // Read at once, those beyond the 20th end without an event.
  const readers = answers.map(({ body }) => body?.getReader());
  const first = await Promise.all(readers.map((reader) => reader?.read()));
  expect(first.filter((read) => read?.done === false).length).toBe(20);
  expect(countEventStreams()).toBe(20);
  for (const reader of readers) await reader?.cancel();
});

test("what is not the store's silence is not kept from those who look after the server", async () => {
  const { manager, cookies } = await signedIn();
  const broken = { ...manager, get: () => Promise.reject(new Error("a mistake in the program")) };
  await expect(answerEvents(broken, "GET", cookies)).rejects.toThrow("a mistake in the program");
});
