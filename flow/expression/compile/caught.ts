import { ExpressionError, LimitError, ScopeFailure, ScriptError, Thrown } from "../errors";
import { GuestError } from "../values";

/** The stack of the process ran out: no error of the script. */
export const isStackOverflow = (error: unknown): boolean =>
  error instanceof Error && /call stack|too much recursion/i.test(error.message) && !(error instanceof ExpressionError);

/** What `catch (e)` gets for an error. Throws what an expression must not catch. */
export function caughtValue(error: unknown): unknown {
  if (error instanceof LimitError || error instanceof ScopeFailure) throw error;
  if (isStackOverflow(error)) throw new LimitError("The expression is nested too deeply");
  if (error instanceof Thrown) return error.value;
  if (error instanceof ScriptError) return new GuestError(error.kind, error.message);
  if (error instanceof ExpressionError) return new GuestError("ExpressionError", error.reason);
  if (error instanceof Error) return new GuestError(error.name, error.message);
  throw error;
}
