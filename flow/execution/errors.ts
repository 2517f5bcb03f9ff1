/**
 * What a retry means lives in the error's type. Across the JSON boundary errors are told apart by `name`,
 * never by `instanceof`.
 */

/** Never retried: the input, the configuration or the flow is wrong. */
export class FatalError extends Error {
  override name = "FatalError";
}

/** Retried, not before `retryAfterMs` from now. */
export class RetryAfterError extends Error {
  override name = "RetryAfterError";
  constructor(
    message: string,
    readonly retryAfterMs: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A parameter or expression of a node is wrong; names the field and, where known, the item. Never retried. */
export class ParameterError extends FatalError {
  override name = "ParameterError";
  constructor(
    /** Path of the parameter, e.g. `fields[0].value`. */
    readonly field: string,
    reason: string,
    readonly itemIndex?: number,
  ) {
    super(`Parameter "${field}"${itemIndex === undefined ? "" : ` (item ${itemIndex})`}: ${reason}`);
  }
}

/** The execution was cancelled while this step ran. */
export class CancelledError extends Error {
  override name = "CancelledError";
  constructor(message = "The execution was cancelled") {
    super(message);
  }
}

/** Cancellation is never an error that a node is retried after or goes on from. */
export const isCancelled = (thrown: unknown): boolean =>
  thrown instanceof Error && (thrown.name === "CancelledError" || thrown.name === "AbortError");

/** An error as it is journaled and shown: no stack, no secret. */
export interface StepError {
  name: string;
  message: string;
  /** Parameter path, when the error is about one. */
  field?: string;
  itemIndex?: number;
  /** What the person can do about it. */
  hint?: string;
  /** HTTP status of a failed request. */
  httpStatus?: number;
}

/** What went wrong without the place of it, as n8n puts it into items: parameters have names of their own there. */
export function errorText({ message, field, itemIndex }: StepError): string {
  if (field === undefined) return message;
  for (const place of [`Parameter "${field}" (item ${itemIndex}): `, `Parameter "${field}": `]) {
    if (message.startsWith(place)) return message.slice(place.length);
  }
  return message;
}

const NEVER_RETRIED: ReadonlySet<string> = new Set([
  "FatalError",
  "ParameterError",
  "ExpressionError",
  "CancelledError",
  "NonRetriableError",
]);

/** Whether the node's retry policy applies to this error. */
export const isRetriable = (error: { name: string }): boolean => !NEVER_RETRIED.has(error.name);

/** Any thrown value as a journaled error. */
export function toStepError(thrown: unknown): StepError {
  if (!(thrown instanceof Error)) {
    if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
      const { name, message } = thrown as { name?: unknown; message: unknown };
      return { name: typeof name === "string" ? name : "Error", message: String(message) };
    }
    return { name: "Error", message: String(thrown) };
  }
  const extra = thrown as Error & Partial<StepError>;
  return {
    name: thrown.name,
    message: thrown.message,
    ...(typeof extra.field === "string" && { field: extra.field }),
    ...(typeof extra.itemIndex === "number" && { itemIndex: extra.itemIndex }),
    ...(typeof extra.hint === "string" && { hint: extra.hint }),
    ...(typeof extra.httpStatus === "number" && { httpStatus: extra.httpStatus }),
  };
}
