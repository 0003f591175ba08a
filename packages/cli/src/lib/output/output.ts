/** Where a command writes. */
export interface Output {
  /** What was asked for. */
  out(text: string): void;
  /** Complaints, and the progress of long work. */
  error(text: string): void;
  /** Whether `error` goes to a person's terminal, where a line can be written over. */
  readonly isTerminal: boolean;
  /** `SESSION_STORE` names the store where `--store` does not. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
