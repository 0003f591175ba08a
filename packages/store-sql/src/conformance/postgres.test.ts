import { startPostgresDatabase } from "../databases.test-kit.ts";
import { describeServer } from "./server.test-kit.ts";

describeServer(await startPostgresDatabase());
