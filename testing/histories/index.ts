export { type Call, isLinearizable, type Specification, type Step } from "./linearize.ts";
export type { Asked, Operation, Shown } from "./operations.ts";
export { checkProgram, checkPrograms, type ProgramOptions } from "./programs.ts";
export {
  type ManagerOptions,
  type OpenStore,
  type Program,
  runProgram,
  type StoreUnderTest,
  type TakeTurn,
} from "./run-program.ts";
export { sessionSpecification } from "./session-specification.ts";
export { stepping } from "./stepping.ts";
