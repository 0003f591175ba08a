import type { SqlInspector } from "@ventostack/store-sql/inspect";
import { examineDatabase } from "../doctor/database.ts";
import type { Batch, InspectedIndex, InspectedRecord, InspectedStore } from "./inspected-store.ts";

/** The user is a column of the session's own row: no index can miss one, or outlive it. */
export function createSqlInspectedStore(inspector: SqlInspector): InspectedStore {
  return {
    get store() {
      return inspector.store;
    },
    examine: async () => examineDatabase(await inspector.facts()),
    size: () => inspector.rowCount(),
    async *records(): AsyncGenerator<Batch<InspectedRecord>> {
      for await (const rows of inspector.sessions()) {
        yield { items: rows.map((row) => ({ ...row, isIndexed: true })), size: rows.length };
      }
    },
    async *indexes(): AsyncGenerator<Batch<InspectedIndex>> {
      for await (const users of inspector.users()) {
        const items = users.map((members) => ({ members, stale: 0, removed: 0, hasEnd: true }));
        yield { items, size: users.reduce((sum, members) => sum + members, 0) };
      }
    },
    sweep: () => inspector.sweep(),
    close: () => inspector.close(),
  };
}
