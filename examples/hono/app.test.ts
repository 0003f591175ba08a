import { describeHttpInterface, describeProgram } from "@ventostack/example-shared/http-interface";
import { start } from "./start.test-kit.ts";

describeHttpInterface("examples/hono", start);
describeProgram("examples/hono", import.meta.dir);
