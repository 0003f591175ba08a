/** The command line asks for what there is not. */
export class UsageError extends Error {
  static {
    UsageError.prototype.name = "UsageError";
  }
}
