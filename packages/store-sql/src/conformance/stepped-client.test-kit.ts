import type { ReservedSQL, SQL } from "bun";

/** The client, as a store sees it, with something before each statement. */
export function withStep(sql: SQL, step: () => Promise<void>): SQL {
  const stepped = {
    options: sql.options,
    async reserve(options: { signal?: AbortSignal }) {
      const connection = await sql.reserve(options);
      return {
        async unsafe(text: string, values: unknown[]) {
          await step();
          return connection.unsafe(text, values);
        },
        release: () => connection.release(),
        close: (closing: { timeout?: number }) => connection.close(closing),
      } as ReservedSQL;
    },
  };
  // A client is a function.
  return Object.assign(() => {}, stepped) as unknown as SQL;
}
