import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { RedisTlsOptions } from "./redis-client-options.ts";

export interface Endpoint {
  readonly url: string;
  readonly tls: boolean | RedisTlsOptions | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Why a server cannot be used: what the network, TLS or the server's first answers say. Bun's client says "Connection
 * closed" of a wrong password, an unknown host and a certificate that is not trusted alike. `undefined`: it can be used,
 * or says nothing in time.
 */
export function findConnectionFault({ url, tls, timeout }: Endpoint): Promise<Error | undefined> {
  const { protocol, hostname, port, pathname, username, password } = new URL(url);
  const isTls = /^(rediss|valkeys|redis\+tls):$/.test(protocol) || (tls !== undefined && tls !== false);
  const path = decodeURIComponent(pathname);
  const address = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 6379) };
  const found = Promise.withResolvers<Error | undefined>();
  const greeting = [...signIn(decodeURIComponent(username), decodeURIComponent(password)), ["PING"]];

  function greet(): void {
    socket.write(greeting.map(encode).join(""));
  }
  let answers = "";
  const socket: Socket = protocol.endsWith("+unix:")
    ? connectTcp({ path }, greet)
    : isTls
      ? connectTls({ ...address, ...(typeof tls === "object" && tls) }, greet)
      : connectTcp(address, greet);
  socket.on("error", found.resolve);
  socket.on("close", () => found.resolve(undefined));
  socket.on("data", (bytes) => {
    answers += String(bytes);
    const refusal = /^-(.*)\r\n/m.exec(answers)?.[1];
    if (refusal !== undefined) found.resolve(new Error(refusal));
    else if (answers.split("\r\n").length > greeting.length) found.resolve(undefined);
  });
  const timer = setTimeout(() => found.resolve(undefined), timeout);
  return found.promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

function signIn(username: string, password: string): string[][] {
  if (password === "") return [];
  return [["AUTH", ...(username === "" ? [] : [username]), password]];
}

function encode(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join("")}`;
}
