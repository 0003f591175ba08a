import type { Session, SessionManager } from "@ventostack/auth-core";
import type { Call } from "./linearize.ts";
import type { Answer, Asked, Operation, Patch, Shown } from "./operations.ts";
import { createScheduler } from "./scheduler.ts";

/** What clients do at once, each one call after the other; then, on a clock of the test's own, time passes. */
export interface Round {
  readonly clients: readonly (readonly Asked[])[];
  /** Seconds, after the round. */
  readonly pause: number;
}

/** Everything that a run depends on, as JSON: the same program on the same code does the same. */
export interface Program {
  readonly rounds: readonly Round[];
  /** Which step goes on, at each point where there are several. */
  readonly choices: readonly number[];
}

export interface ManagerOptions {
  readonly ttl: number;
  readonly absoluteTtl: number;
  readonly touchInterval: number;
  readonly storeTimeout: number;
}

/** Does a step of a store's work when it is its turn: a command to a server, or a call of a store that does all at once. */
export type TakeTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A store as a history is made on it. */
export interface StoreUnderTest {
  readonly name: string;
  /** An empty store, for one run. */
  open(): Promise<OpenStore> | OpenStore;
}

export interface OpenStore {
  /** A manager as a process of its own has it. Each step that others may come before is to be taken in turn. */
  manager(options: ManagerOptions, takeTurn: TakeTurn): SessionManager;
  clock(): number;
  /** Where the clock is the test's own. Milliseconds. */
  advance?(milliseconds: number): void;
  /**
   * A store of four methods. All clients share the first one's manager, which keeps their changes apart, and a refresh
   * tells an end that may be earlier than the store's own by what the trip took.
   */
  readonly isPlain?: boolean;
}

const TTL = 100;
const ABSOLUTE_TTL = 260;
const TOUCH_INTERVAL = 20;

/** Their managers differ in `ttl`, as those of a deployment under way may. */
const optionsOf = (client: number): ManagerOptions => ({
  ttl: TTL * (client + 1),
  absoluteTtl: ABSOLUTE_TTL,
  touchInterval: TOUCH_INTERVAL,
  // The turns of others count as time of the store's.
  storeTimeout: 60_000,
});

/** Runs the program, and gives what its clients saw. Rejects where a call did. */
export async function runProgram(store: StoreUnderTest, program: Program): Promise<Call<Operation>[]> {
  const open = await store.open();
  // Clients of one manager wait for each other instead.
  const { step, run } = createScheduler(program.choices, open.isPlain !== true);
  const managers: SessionManager[] = [];
  /** Ids in the order in which they became known, which is also what names them. */
  const ids: string[] = [];
  const history: Call<Operation>[] = [];
  let moments = 0;

  function managerOf(client: number): SessionManager {
    const owner = open.isPlain ? 0 : client;
    managers[owner] ??= open.manager(optionsOf(owner), (work) => step(owner, work));
    return managers[owner];
  }

  const nameOf = (id: string): string => `s${ids.indexOf(id) + 1}`;

  function shown({ id, data, expiresAt, absoluteExpiresAt }: Session): Shown {
    if (!ids.includes(id)) ids.push(id);
    return { id: nameOf(id), data, expiresAt, absoluteExpiresAt };
  }

  async function ask(manager: SessionManager, asked: Asked, id: string, except?: string): Promise<Answer> {
    switch (asked.do) {
      case "create":
        return shown(await manager.create(asked.data));
      case "get":
      case "refresh":
        return orNull(await manager[asked.do](id), shown);
      case "touch":
      case "destroy":
        return void (await manager[asked.do](id));
      case "refreshIfDue":
        return orNull(await manager.refreshIfDue(id), ({ extended, session }) => ({
          extended,
          session: shown(session),
        }));
      case "merge":
      case "regenerate":
        return orNull(await manager[asked.do](id, toPatch(asked.patch)), shown);
      case "destroyByHandle":
        return manager.destroyByHandle(asked.user, manager.handleOf(id));
      case "destroyByUser":
        return manager.destroyByUser(asked.user, except === undefined ? {} : { except });
      case "listByUser": {
        const listed = await manager.listByUser(asked.user);
        return listed.map(({ handle, data, expiresAt }) => {
          const found = ids.findIndex((known) => manager.handleOf(known) === handle);
          return { id: `s${found + 1}`, handle, data, expiresAt };
        });
      }
    }
  }

  async function call(client: number, asked: Asked): Promise<void> {
    const id = "on" in asked ? ids[asked.on % Math.max(ids.length, 1)] : "";
    // A session that nobody has made yet.
    if (id === undefined) return;
    const manager = managerOf(client);
    const { ttl, absoluteTtl, touchInterval } = manager.options;
    const spared =
      "except" in asked && asked.except !== undefined ? ids[asked.except % ids.length] : undefined;
    const calledAt = moments++;
    const from = open.clock();
    const answer = await ask(manager, asked, id, spared);
    const operation: Operation = {
      asked,
      ...(id !== "" && { id: nameOf(id) }),
      ...(spared !== undefined && { except: nameOf(spared) }),
      from,
      to: open.clock(),
      ttl: ttl * 1000,
      absoluteTtl: (absoluteTtl ?? Number.POSITIVE_INFINITY) * 1000,
      threshold: (ttl - touchInterval) * 1000,
      tellsAtLeast: open.isPlain === true,
      answer,
    };
    history.push({ client, calledAt, returnedAt: moments++, operation });
  }

  for (const { clients, pause } of program.rounds) {
    await run(
      clients.map(async (calls, client) => {
        for (const asked of calls) await call(client, asked);
      }),
    );
    open.advance?.(pause * 1000);
  }
  return withNames(history, ids, managers[0]);
}

const orNull = <Given, Made>(given: Given | null, make: (given: Given) => Made): Made | null =>
  given === null ? null : make(given);

const toPatch = (patch: Patch): Record<string, unknown> =>
  Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, value ?? undefined]));

/** A list may show a session whose id its maker had not been told yet: by now it is known. */
function withNames(
  history: readonly Call<Operation>[],
  ids: readonly string[],
  manager: SessionManager | undefined,
): Call<Operation>[] {
  const names = new Map(ids.map((id, index) => [manager?.handleOf(id), `s${index + 1}`]));
  return history.map((call) => {
    const { asked, answer } = call.operation;
    if (asked.do !== "listByUser") return call;
    const listed = (answer as readonly (Shown & { handle: string })[]).map(({ handle, data, expiresAt }) => ({
      id: names.get(handle) ?? "unknown",
      data,
      expiresAt,
    }));
    return { ...call, operation: { ...call.operation, answer: listed } };
  });
}
