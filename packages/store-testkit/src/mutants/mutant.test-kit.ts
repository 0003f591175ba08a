import type { Guarantee, StoreContext, StoreSetup } from "../index.ts";
import {
  createReference,
  createServerData,
  type FullStore,
  type Parts,
  type ServerData,
} from "./reference-store.test-kit.ts";

/** A store with one fault, of a kind that stores have had. */
export interface Mutant {
  readonly name: string;
  /** The guarantee that the fault breaks, which is that of the case that catches it. */
  readonly breaks: Guarantee;
  /** The name of that case. Others may notice as well. */
  readonly caughtBy: string;
  /** The methods that differ from the correct store's. */
  make(parts: Parts): Partial<FullStore>;
}

/** Stores of one kind on servers of their own, which `sizeOf` looks into. */
export function contextOf(make: (parts: Parts) => Partial<FullStore> = () => ({})): StoreContext {
  const servers = new Map<string, ServerData>();
  function dataOf({ space }: StoreSetup): ServerData {
    const data = servers.get(space) ?? createServerData();
    servers.set(space, data);
    return data;
  }
  const createStore = (setup: StoreSetup): FullStore => {
    const parts = createReference(setup, dataOf(setup));
    return { ...parts.store, ...make(parts) };
  };
  return {
    createStore,
    connectAgain: createStore,
    time: "given",
    sizeOf(_, setup) {
      const { records, users } = dataOf(setup);
      return [...users.values()].reduce((sum, ids) => sum + ids.size, records.size);
    },
  };
}
