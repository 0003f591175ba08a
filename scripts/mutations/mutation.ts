/** A way to break the code that has to break a test: what shows that the test looks at what it says it does. */
export interface Mutation {
  /** What the broken code does. */
  readonly breaks: string;
  /** Relative to the repository, like `test`. */
  readonly file: string;
  /** Occurs once in the file. Short, so that a change elsewhere in the file leaves it alone. */
  readonly find: string;
  readonly replace: string;
  /** The test file that has to fail. */
  readonly test: string;
  /** Of its tests only those whose name matches, so that a large file takes no longer than it has to. */
  readonly only?: string;
}

export const GUARANTEES = ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"] as const;

export type Guarantee = (typeof GUARANTEES)[number];
