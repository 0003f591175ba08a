/** What a server answers, of RESP2 or RESP3, as text and numbers. */
export type Reply = string | number | boolean | null | ReplyError | Reply[] | Map<Reply, Reply>;

/** An error that the server answered with; the message begins with its code, as in `WRONGTYPE ...`. */
export class ReplyError extends Error {
  override readonly name = "ReplyError";
  /** The first word: `MOVED`, `NOSCRIPT`, `ERR`. */
  get code(): string {
    return this.message.split(" ", 1)[0] ?? "";
  }
}

export interface Frame {
  /** The first byte, which tells the type: `>` is a push, which answers no command. */
  readonly type: string;
  readonly value: Reply;
  /** The bytes that it took, as they came. */
  readonly bytes: Buffer;
}

/** A command as clients send it. */
export function encodeCommand(args: readonly (string | number)[]): string {
  const parts = args.map((arg) => `$${Buffer.byteLength(String(arg))}\r\n${arg}\r\n`);
  return `*${args.length}\r\n${parts.join("")}`;
}

/** Cuts a stream of bytes into whole frames. Returns the function to feed with what arrives. */
export function createFramer(onFrame: (frame: Frame) => void): (bytes: Uint8Array) => void {
  let pending = Buffer.alloc(0);
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    let at = 0;
    for (;;) {
      const parsed = parse(pending, at);
      if (parsed === undefined) break;
      onFrame({
        type: String.fromCharCode(pending[at] ?? 0),
        value: parsed.value,
        bytes: Buffer.from(pending.subarray(at, parsed.end)),
      });
      at = parsed.end;
    }
    pending = pending.subarray(at);
  };
}

interface Parsed {
  readonly value: Reply;
  readonly end: number;
}

/** `undefined` when the end of the frame has not arrived. */
function parse(bytes: Buffer, at: number): Parsed | undefined {
  const lineEnd = bytes.indexOf("\r\n", at);
  if (lineEnd === -1) return undefined;
  const type = String.fromCharCode(bytes[at] ?? 0);
  const line = bytes.toString("utf8", at + 1, lineEnd);
  const next = lineEnd + 2;
  switch (type) {
    case "+":
      return { value: line, end: next };
    case "-":
      return { value: new ReplyError(line), end: next };
    case ":":
    case ",":
      return { value: Number(line), end: next };
    case "(":
      return { value: line, end: next };
    case "#":
      return { value: line === "t", end: next };
    case "_":
      return { value: null, end: next };
    case "$":
    case "!":
    case "=":
      return parseBulk(bytes, next, type, Number(line));
    case "*":
    case "~":
    case ">":
      return parseItems(bytes, next, Number(line));
    case "%":
      return parseMap(bytes, next, Number(line));
    case "|": {
      // An attribute precedes the reply that it belongs to.
      const attribute = parseMap(bytes, next, Number(line));
      return attribute && parse(bytes, attribute.end);
    }
    default:
      throw new Error(`This is not RESP: ${JSON.stringify(bytes.toString("utf8", at, at + 40))}`);
  }
}

function parseBulk(bytes: Buffer, at: number, type: string, length: number): Parsed | undefined {
  if (length === -1) return { value: null, end: at };
  const end = at + length + 2;
  if (bytes.length < end) return undefined;
  const text = bytes.toString("utf8", at, end - 2);
  if (type === "!") return { value: new ReplyError(text), end };
  // A verbatim string begins with three letters for its format, and a colon.
  return { value: type === "=" ? text.slice(4) : text, end };
}

function parseItems(
  bytes: Buffer,
  at: number,
  count: number,
): (Parsed & { value: Reply[] | null }) | undefined {
  if (count === -1) return { value: null, end: at };
  const items: Reply[] = [];
  let end = at;
  for (let index = 0; index < count; index += 1) {
    const item = parse(bytes, end);
    if (item === undefined) return undefined;
    items.push(item.value);
    end = item.end;
  }
  return { value: items, end };
}

function parseMap(bytes: Buffer, at: number, count: number): Parsed | undefined {
  const flat = parseItems(bytes, at, count * 2);
  if (flat === undefined) return undefined;
  const map = new Map<Reply, Reply>();
  const items = flat.value ?? [];
  for (let index = 0; index < items.length; index += 2)
    map.set(items[index] ?? null, items[index + 1] ?? null);
  return { value: map, end: flat.end };
}
