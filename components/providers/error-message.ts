import { isTRPCClientError } from "@trpc/client";

/** What a failed call means to the person who made it. Services write their own messages; the network has none worth showing. */
export function errorMessage(error: unknown): string {
  if (isTRPCClientError(error)) {
    if (error.data) return error.message;
    return typeof navigator !== "undefined" && navigator.onLine === false
      ? "You are offline. Nothing was changed; try again when the connection is back."
      : "The server did not answer. Check that it is running, then try again.";
  }
  return error instanceof Error ? error.message : "Something went wrong. Try again.";
}
