import type { ReservedSQL, SQL } from "bun";

/** The client, as a store sees it, with each statement sent when `takeTurn` says. */
export function withTurns(sql: SQL, takeTurn: <Result>(work: () => Promise<Result>) => Promise<Result>): SQL {
  const stepped = {
    options: sql.options,
    async reserve(options: { signal?: AbortSignal }) {
      const connection = await sql.reserve(options);
      return {
        unsafe: (text: string, values: unknown[]) => takeTurn(async () => connection.unsafe(text, values)),
        release: () => connection.release(),
        close: (closing: { timeout?: number }) => connection.close(closing),
      } as ReservedSQL;
    },
  };
  // A client is a function.
  return Object.assign(() => {}, stepped) as unknown as SQL;
}
