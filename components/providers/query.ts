import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isTRPCClientError } from "@trpc/client";
import { announceEndedSession } from "./ended-session";

const RETRIES = 2;

function httpStatus(error: unknown): number | null {
  if (!isTRPCClientError(error)) return null;
  const status: unknown = (error.data as { httpStatus?: unknown } | null | undefined)?.httpStatus;
  return typeof status === "number" ? status : null;
}

/** An answer that will not change by asking again: no session, no right, no such thing, not valid. */
function isFinal(error: unknown): boolean {
  const status = httpStatus(error);
  return status !== null && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function onError(error: unknown): void {
  if (httpStatus(error) === 401) announceEndedSession();
}

export const createQueryClient = (): QueryClient =>
  new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
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
