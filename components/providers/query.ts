import { QueryClient } from "@tanstack/react-query";
import { isTRPCClientError } from "@trpc/client";

const RETRIES = 2;

/** An answer that will not change by asking again: no session, no right, no such thing, not valid. */
export function isFinal(error: unknown): boolean {
  if (!isTRPCClientError(error)) return false;
  const status: unknown = (error.data as { httpStatus?: unknown } | null | undefined)?.httpStatus;
  return typeof status === "number" && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < RETRIES && !isFinal(error),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5_000),
      },
      // A write is repeated by the person, who can see what happened.
      mutations: { retry: false, networkMode: "always" },
    },
  });
