/** Causes of causes that are logged. */
const deepest = 4;

/**
 * What the log keeps of an error: drivers and clients hang whole connections, requests and their headers on theirs, which are
 * long at best and secret at worst.
 */
export function serializeError(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const { code, status } = thrown as { code?: unknown; status?: unknown };
  return {
    type: thrown.name,
    message: thrown.message,
    ...(isScalar(code) && { code }),
    ...(isScalar(status) && { status }),
    stack: thrown.stack,
    ...(thrown.cause !== undefined && depth < deepest && { cause: serializeError(thrown.cause, depth + 1) }),
  };
}

const isScalar = (value: unknown): boolean => typeof value === "string" || typeof value === "number";
