import type { RedisServer } from "../../testing/redis/index.ts";

export interface Faults {
  readonly kills: number;
  readonly freezes: number;
  /** Lets the fault under way end, and returns when the server serves. */
  stop(): Promise<void>;
}

/** Milliseconds between two faults, and of one: some are shorter than any time limit, some longer than all of them. */
const between = (): number => 500 + Math.random() * 4000;
const killed = (): number => Math.random() * 1500;
const frozen = (): number => 50 + Math.random() * 3000;

/** Kills the server and starts it again, or lets it stand still for a while, at random. */
export function startFaults(server: RedisServer): Faults {
  let kills = 0;
  let freezes = 0;
  let stopped = false;

  async function run(): Promise<void> {
    for (;;) {
      await Bun.sleep(between());
      if (stopped) return;
      if (Math.random() < 0.5) {
        kills += 1;
        await server.kill();
        await Bun.sleep(killed());
        await server.restart({ keepData: true });
      } else {
        freezes += 1;
        await server.freeze();
        await Bun.sleep(frozen());
        server.thaw();
      }
    }
  }
  const running = run();
  return {
    get kills() {
      return kills;
    },
    get freezes() {
      return freezes;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}
