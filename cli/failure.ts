/** A mistake that the person at the terminal can mend; its message is all they need. */
export class CommandError extends Error {
  override name = "CommandError";
}

/** What to print for an error: one line, or everything at `LOG_LEVEL=debug`. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env.LOG_LEVEL === "debug" || process.env.LOG_LEVEL === "trace") return error.stack ?? error.message;
  // A refused connection to a name with several addresses comes as a list without a message of its own.
  const inner = error instanceof AggregateError && error.message === "" ? error.errors[0] : null;
  return (inner instanceof Error ? inner.message : error.message).split("\n")[0] || error.name;
}
