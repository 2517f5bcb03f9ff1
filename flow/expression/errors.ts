import { FatalError } from "../execution/errors";

/**
 * What an expression says to the person who wrote it: wrong syntax, an unknown node, no data, bad arguments of an
 * extension method, a forbidden property, a limit. Plain JavaScript errors are not of this kind: they make their part undefined.
 */
export class ExpressionError extends FatalError {
  override name = "ExpressionError";
  /** Path of the parameter, e.g. `fields[0].value`. */
  readonly field?: string;
  readonly itemIndex?: number;
  /** What the person can do about it. */
  readonly hint?: string;
  /** Character of the template where it went wrong, 0-based. */
  readonly position?: number;
  /** What went wrong, without the place. */
  readonly reason: string;

  constructor(reason: string, details: { field?: string; itemIndex?: number; hint?: string; position?: number } = {}) {
    super(describe(reason, details.field, details.itemIndex));
    this.reason = reason;
    if (details.field !== undefined) this.field = details.field;
    if (details.itemIndex !== undefined) this.itemIndex = details.itemIndex;
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.position !== undefined) this.position = details.position;
  }

  /** The same error with the parameter and item it came up in. */
  at(field: string, itemIndex: number): ExpressionError {
    return new ExpressionError(this.reason, { hint: this.hint, position: this.position, field, itemIndex });
  }
}

const describe = (reason: string, field?: string, itemIndex?: number) =>
  field === undefined ? reason : `Parameter "${field}"${itemIndex === undefined ? "" : ` (item ${itemIndex})`}: ${reason}`;

/** A limit of steps, memory, depth or time is used up. An expression cannot catch it. */
export class LimitError extends ExpressionError {}

type ScriptErrorKind = "Error" | "TypeError" | "ReferenceError" | "RangeError" | "SyntaxError" | "URIError" | "EvalError";

/**
 * A plain JavaScript error inside an expression, as the interpreter raises it. Can be caught there; else its part is
 * undefined. No `Error` of the host: taking a stack would be most of the cost of an expression that reads nothing.
 */
export class ScriptError {
  constructor(
    readonly kind: ScriptErrorKind,
    readonly message: string,
  ) {}
}

export const typeError = (message: string) => new ScriptError("TypeError", message);
export const referenceError = (message: string) => new ScriptError("ReferenceError", message);
export const rangeError = (message: string) => new ScriptError("RangeError", message);

/** A value that the expression itself threw. */
export class Thrown {
  constructor(readonly value: unknown) {}
}

/** An error of the scope that is not the expression's doing (a lost payload, a cancelled execution): goes through to the host as it was. */
export class ScopeFailure {
  constructor(readonly error: unknown) {}
}

/** Asks the scope. Its `ExpressionError`s are the expression's, also those of another copy of the class; others are not. */
export function askScope<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    if (error instanceof Error && error.name === "ExpressionError") {
      const { hint } = error as { hint?: unknown };
      throw new ExpressionError(error.message, { hint: typeof hint === "string" ? hint : undefined });
    }
    throw new ScopeFailure(error);
  }
}
