import type { Browser } from "@ventostack/testing";

interface StreamedEvent {
  readonly name: string;
  readonly data: unknown;
}

/** A stream of events, as `EventSource` would read it. */
export interface EventStream extends AsyncDisposable {
  readonly status: number;
  readonly headers: Headers;
  /** The next event; one with the name "closed" when the server has ended the stream. */
  next(): Promise<StreamedEvent>;
  /** Closes the connection. */
  leave(): void;
}

type Fetch = Browser["fetch"];

export async function openEvents({ fetch }: { fetch: Fetch }): Promise<EventStream> {
  const leaving = new AbortController();
  const response = await fetch("/auth/events", { signal: leaving.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";

  async function next(): Promise<StreamedEvent> {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end === -1) {
        const { done = true, value } = (await reader?.read()) ?? {};
        if (done) return { name: "closed", data: null };
        text += value;
        continue;
      }
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name: string): string | undefined =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const [name, data] = [field("event"), field("data")];
      if (name !== undefined && data !== undefined) return { name, data: JSON.parse(data) };
    }
  }

  const leave = (): void => leaving.abort();
  return {
    status: response.status,
    headers: response.headers,
    next,
    leave,
    async [Symbol.asyncDispose]() {
      leave();
    },
  };
}
