import { describeHttpInterface, describeProgram } from "@ventostack/example-shared/http-interface";
import { start } from "./start.test-kit.ts";

describeHttpInterface("examples/elysia", start);
describeProgram("examples/elysia", import.meta.dir);
