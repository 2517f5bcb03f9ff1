import { isTRPCClientError } from "@trpc/client";

/** What a failed call means to the person who made it. Services write their own messages; the network has none worth showing. */
export function errorMessage(error: unknown): string {
  if (isTRPCClientError(error)) {
    if (error.data) return error.message;
    return typeof navigator !== "undefined" && navigator.onLine === false
      ? "You are offline. Try again when the connection is back."
      : "The server did not answer. Check that it is running, then try again.";
  }
  return error instanceof Error ? error.message : "Something went wrong. Try again.";
}

/** Whether what was asked for does not exist, as far as this person may know. */
export const isNotFound = (error: unknown): boolean =>
  isTRPCClientError(error) && (error.data as { code?: unknown } | null | undefined)?.code === "NOT_FOUND";

/** What is wrong with each field of the input, where the server said so; keys are the fields' paths. */
export function fieldErrors(error: unknown): Partial<Record<string, string>> {
  if (!isTRPCClientError(error)) return {};
  const issues: unknown = (error.data as { issues?: unknown } | null | undefined)?.issues;
  if (!Array.isArray(issues)) return {};
  return Object.fromEntries(
    issues.flatMap((issue: unknown) => {
      const { field, message } = issue as { field?: unknown; message?: unknown };
      return typeof field === "string" && typeof message === "string" ? [[field, sentence(message)]] : [];
    }),
  );
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
