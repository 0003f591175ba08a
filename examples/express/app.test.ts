import { describeHttpInterface, describeProgram } from "@ventostack/example-shared/http-interface";
import { start } from "./start.test-kit.ts";

describeHttpInterface("examples/express", start);
describeProgram("examples/express", import.meta.dir);
