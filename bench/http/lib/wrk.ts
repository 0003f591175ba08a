export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whole ones. */
  readonly seconds: number;
  readonly connections: number;
  /** A Lua script, as wrk knows them. */
  readonly script?: string | undefined;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Loads a server with as many requests as it answers. Throws where one of the answers was not 2xx. */
export async function load(wanted: Load): Promise<LoadResult> {
  const { url } = wanted;
  // Once in some hundred runs it ends without a word, or a request.
  const output = (await run(wanted)) || (await run(wanted));
  const wrong = /Non-2xx or 3xx responses: (\d+)|Socket errors: .*/.exec(output)?.[0];
  if (wrong !== undefined) throw new Error(`${url}: ${wrong}`);
  return {
    requests: Number(find(output, /(\d+) requests in/)),
    perSecond: Number(find(output, /Requests\/sec:\s+([\d.]+)/)),
    p50: toMilliseconds(find(output, /50%\s+([\d.]+\w+)/)),
    p99: toMilliseconds(find(output, /99%\s+([\d.]+\w+)/)),
  };
}

async function run({ url, headers, seconds, connections, script }: Load): Promise<string> {
  const child = Bun.spawn(
    [
      "wrk",
      "--threads=1",
      `--connections=${connections}`,
      `--duration=${seconds}s`,
      "--latency",
      ...(script === undefined ? [] : ["--script", script]),
      ...Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
      url,
    ],
    { stdout: "pipe", stderr: "inherit" },
  );
  const output = await new Response(child.stdout).text();
  await child.exited;
  return output;
}

function find(output: string, pattern: RegExp): string {
  const found = pattern.exec(output)?.[1];
  if (found === undefined) throw new Error(`wrk says nothing of ${String(pattern)}:\n${output}`);
  return found;
}

function toMilliseconds(text: string): number {
  const value = Number.parseFloat(text);
  if (text.endsWith("us")) return value / 1000;
  return text.endsWith("ms") ? value : value * 1000;
}
