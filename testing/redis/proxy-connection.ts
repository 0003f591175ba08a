import { connect, type Socket } from "node:net";
import type { CutPoint, ProxiedCommand, ProxyRules } from "./proxy-rules.ts";
import { createFramer, type Frame } from "./resp.ts";

export interface ProxyConnectionOptions {
  readonly number: number;
  readonly client: Socket;
  readonly target: { readonly host: string; readonly port: number };
  readonly rules: ProxyRules;
  /** How long an answer takes to the client. */
  readonly latencyMilliseconds: number;
  /** Resolves when bytes may pass. */
  readonly thawed: () => Promise<void>;
  readonly onCommand: (command: ProxiedCommand, startsRoundTrip: boolean) => void;
  /** A rule asks for every connection to be cut. */
  readonly onCut: () => void;
  readonly onClose: () => void;
}

export interface ProxyConnection {
  /** Resets both sides; but a client that has been sent the end of the stream gets to read up to there. */
  reset(): void;
  destroy(): void;
}

interface Outstanding extends ProxiedCommand {
  readonly startsRoundTrip: boolean;
  readonly cut: { readonly point: CutPoint; readonly done: () => void } | undefined;
}

const SUBSCRIPTION = /^[ps]?(un)?subscribe$/;
const MESSAGE = /^[ps]?message$/;

/** Carries one client's commands to the server, and the answers back, each in its order. */
export function startProxyConnection(options: ProxyConnectionOptions): ProxyConnection {
  const { number, client, target, rules, latencyMilliseconds, thawed, onCommand, onCut, onClose } = options;
  const upstream = connect({ ...target, noDelay: true });
  const outstanding: Outstanding[] = [];
  let isReset = false;
  let isAwaitingFirst = false;

  function reset(): void {
    isReset = true;
    if (!client.writableEnded) client.resetAndDestroy();
    upstream.resetAndDestroy();
  }

  async function forward(frame: Frame, command: ProxiedCommand, startsRoundTrip: boolean): Promise<void> {
    await rules.pass("before", command);
    await thawed();
    if (isReset) return;
    const cut = rules.findCut(command);
    if (cut?.point === "before") {
      onCut();
      cut.done();
      return;
    }
    outstanding.push({ ...command, startsRoundTrip, cut });
    upstream.write(frame.bytes);
  }

  async function deliver(frame: Frame, dueAt: number): Promise<void> {
    const command = answersCommand(frame, outstanding[0]) ? outstanding.shift() : undefined;
    if (command !== undefined) await rules.pass("after", command);
    await thawed();
    const early = dueAt - performance.now();
    if (early > 0) await Bun.sleep(early);
    if (isReset) return;
    const point = command?.cut?.point;
    if (command?.startsRoundTrip && point !== "unanswered") isAwaitingFirst = false;
    if (point === "half") await write(frame.bytes.subarray(0, Math.ceil(frame.bytes.length / 2)));
    else if (point !== "unanswered") client.write(frame.bytes);
    if (point === undefined) return;
    // A reset may overtake what was written, and the client has to get that.
    if (point !== "unanswered") await new Promise<void>((resolve) => client.end(() => resolve()));
    onCut();
    command?.cut?.done();
  }

  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => client.write(bytes, () => resolve()));

  let commands = Promise.resolve();
  let replies = Promise.resolve();
  const feedCommands = createFramer((frame) => {
    const [name = "", ...args] = Array.isArray(frame.value) ? frame.value.map(String) : [];
    const command: ProxiedCommand = { connection: number, name: name.toUpperCase(), args };
    const startsRoundTrip = !isAwaitingFirst;
    isAwaitingFirst = true;
    onCommand(command, startsRoundTrip);
    commands = commands.then(() => forward(frame, command, startsRoundTrip));
  });
  const feedReplies = createFramer((frame) => {
    const dueAt = latencyMilliseconds === 0 ? 0 : performance.now() + latencyMilliseconds;
    replies = replies.then(() => deliver(frame, dueAt));
  });

  client.on("data", feedCommands);
  upstream.on("data", feedReplies);
  for (const socket of [client, upstream]) socket.on("error", () => {});
  // What a client sent before it went away still arrives, as it does in a network, and so do answers.
  client.on("close", () => {
    commands = commands.then(() => void upstream.end());
    onClose();
  });
  upstream.on("close", () => {
    replies = replies.then(() => void client.destroy());
  });
  return {
    reset,
    destroy() {
      isReset = true;
      client.destroy();
      upstream.destroy();
    },
  };
}

/** Pushes and messages come without having been asked for, among the answers. */
function answersCommand({ type, value }: Frame, head: Outstanding | undefined): boolean {
  if (head === undefined) return false;
  const kind = Array.isArray(value) ? String(value[0]) : "";
  const isSubscriptionReply = SUBSCRIPTION.test(kind) && head.name === kind.toUpperCase();
  if (type === ">") return isSubscriptionReply;
  // In RESP2 they are arrays: only a client that has subscribed gets any, and it can send nothing else than these.
  return !MESSAGE.test(kind) || !(SUBSCRIPTION.test(head.name.toLowerCase()) || head.name === "PING");
}
