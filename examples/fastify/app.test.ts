import { describeHttpInterface, describeProgram } from "@ventostack/example-shared/http-interface";
import { start } from "./start.test-kit.ts";

describeHttpInterface("examples/fastify", start);
describeProgram("examples/fastify", import.meta.dir);
