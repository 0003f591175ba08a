import type { SqlSessionStore } from "../index.ts";

/** Tables that cases have one after the other: a server takes longer to make one than most cases take on it. */
export interface Tables {
  /** A store of the space, on a table that no other space has for as long as one of its stores is open. */
  open(space: string, create: (table: string) => SqlSessionStore): Promise<SqlSessionStore>;
  nameOf(space: string): string;
}

/** `empty` removes every row of a table. */
export function createTables(empty: (table: string) => Promise<unknown>): Tables {
  const free: string[] = [];
  const taken = new Map<string, { readonly table: string; stores: number }>();
  let made = 0;

  async function giveBack(space: string): Promise<void> {
    const place = placeOf(space);
    place.stores -= 1;
    if (place.stores > 0) return;
    taken.delete(space);
    await empty(place.table);
    free.push(place.table);
  }

  function placeOf(space: string): { readonly table: string; stores: number } {
    const place = taken.get(space);
    if (place === undefined) throw new Error(`No store of the space ${space} is open.`);
    return place;
  }

  return {
    async open(space, create) {
      const known = taken.get(space);
      const used = known?.table ?? free.pop();
      const place = known ?? { table: used ?? `kit${++made}`, stores: 0 };
      place.stores += 1;
      taken.set(space, place);
      const store = create(place.table);
      if (used === undefined) await store.migrate();
      let closing: Promise<void> | undefined;
      return {
        ...store,
        close() {
          closing ??= store.close().then(() => giveBack(space));
          return closing;
        },
      };
    },
    nameOf: (space) => placeOf(space).table,
  };
}
