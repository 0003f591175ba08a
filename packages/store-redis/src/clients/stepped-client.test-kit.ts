/** The methods of a client that send something. */
const TRIPS = new Set([
  "send",
  "call",
  "sendCommand",
  "get",
  "set",
  "expire",
  "del",
  "sadd",
  "srem",
  "smembers",
]);

/** The same client, which waits for `step` before everything that it sends. */
export function stepped<Client extends object>(client: Client, step: () => Promise<void>): Client {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || !TRIPS.has(String(name))) return value;
      return async (...args: unknown[]) => {
        await step();
        return value.apply(target, args);
      };
    },
  });
}
