import { describeHttpInterface, describeProgram } from "@ventostack/example-shared/http-interface";
import { start } from "./start.test-kit.ts";

describeHttpInterface("examples/bun-serve", start);
describeProgram("examples/bun-serve", import.meta.dir);
