export type { SqlFacts } from "./lib/database-facts.ts";
export {
  createSqlInspector,
  type InspectedRow,
  type SqlInspector,
  type SqlInspectorOptions,
} from "./lib/sql-inspector.ts";
