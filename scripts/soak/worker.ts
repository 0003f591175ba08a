// One of the processes of the soak: calls the manager in a random mixture, and tells what it saw.

import {
  createSessionManager,
  SessionError,
  type SessionManager,
  type SessionStore,
} from "../../packages/auth/src/index.ts";
import { createRedisClient, createRedisSessionStore } from "../../packages/store-redis/src/index.ts";
import type { Outcome, SoakEvent } from "./event.ts";
import { plants } from "./plants.ts";
import {
  BRIEF,
  COMMAND_TIMEOUT,
  type FromWorker,
  isBrief,
  LASTING,
  type Task,
  type ToWorker,
} from "./protocol.ts";

const task: Task = JSON.parse(process.argv[2] ?? "");
const client = createRedisClient({ url: task.url, commandTimeout: COMMAND_TIMEOUT });
const plain = createRedisSessionStore({ client });
const store: SessionStore = { ...plain, ...plants[task.plant ?? ""]?.(plain as Required<SessionStore>) };
const lasting = createSessionManager(store, LASTING);
const brief = createSessionManager(store, BRIEF);

const LANES = 6;
/** Sessions that are asked about, the newest ones of all processes. */
const POOL = 60;
/** How often which call is made. */
const calls: readonly SoakEvent["what"][] = [
  ...Array<"create">(12).fill("create"),
  ...Array<"get">(30).fill("get"),
  ...Array<"update">(24).fill("update"),
  ...Array<"touch">(8).fill("touch"),
  ...Array<"refresh">(8).fill("refresh"),
  ...Array<"regenerate">(9).fill("regenerate"),
  ...Array<"destroy">(6).fill("destroy"),
  ...Array<"destroyByUser">(1).fill("destroyByUser"),
];

let pool: { readonly id: string; readonly user: string }[] = [];
let written = 0;

const pick = <Item>(items: readonly Item[]): Item | undefined =>
  items[Math.floor(Math.random() * items.length)];
const tell = (message: FromWorker): void => void process.send?.(message);

function know(id: string, user: string): void {
  pool = [...pool.slice(-POOL), { id, user }];
}

function make(
  manager: SessionManager,
  what: SoakEvent["what"],
  id: string,
  user: string,
  wrote: SoakEvent["wrote"],
) {
  switch (what) {
    case "create":
      return manager.create({ userId: user });
    case "update":
      return manager.merge(id, { [wrote?.register ?? ""]: wrote?.value });
    case "destroyByUser":
    case "listByUser":
      return manager.destroyByUser(user);
    default:
      return manager[what](id);
  }
}

function outcomeOf(answer: unknown, what: SoakEvent["what"]): Outcome {
  if (typeof answer === "number") return { kind: "ended", count: answer };
  if (what === "touch" || what === "destroy") return { kind: "done" };
  if (answer === null) return { kind: "absent" };
  return { kind: "session", session: answer as never };
}

async function callOnce(lane: number, users: readonly string[]): Promise<SoakEvent> {
  const chosen = pick(pool);
  const what = chosen === undefined ? "create" : (pick(calls) ?? "get");
  const isForUser = what === "create" || what === "destroyByUser";
  const user = (isForUser ? pick(users) : chosen?.user) ?? "";
  const manager = isBrief(user) ? brief : lasting;
  const wrote = what === "update" ? { register: `${task.number}/${lane}`, value: ++written } : undefined;
  const about = isForUser ? {} : { id: chosen?.id ?? "" };
  const calledAt = Date.now();
  const outcome = await make(manager, what, about.id ?? "", user, wrote).then(
    (answer: unknown) => outcomeOf(answer, what),
    (error: unknown): Outcome => {
      // Anything else is a fault of the program's.
      if (!(error instanceof SessionError)) throw error;
      return { kind: "failed", code: error.code };
    },
  );
  if (outcome.kind === "session" && (what === "create" || what === "regenerate")) {
    know(outcome.session.id, user);
    tell({ kind: "known", id: outcome.session.id, user });
  }
  const ttl = manager.options.ttl * 1000;
  return { what, calledAt, returnedAt: Date.now(), user, ttl, ...about, ...(wrote && { wrote }), outcome };
}

async function work({ users, until }: Extract<ToWorker, { kind: "work" }>): Promise<void> {
  pool = [];
  const events: SoakEvent[] = [];
  async function run(lane: number): Promise<void> {
    while (Date.now() < until) events.push(await callOnce(lane, users));
  }
  await Promise.all(Array.from({ length: LANES }, (_, lane) => run(lane)));
  tell({ kind: "worked", events });
}

process.on("message", (message: ToWorker) => {
  if (message.kind === "known") know(message.id, message.user);
  else work(message).catch((error: unknown) => tell({ kind: "broke", message: Bun.inspect(error) }));
});
process.on("disconnect", () => process.exit(0));
tell({ kind: "ready" });
