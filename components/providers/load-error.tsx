"use client";
import { ErrorNotice } from "@/components/ui/error-notice";
import { errorMessage } from "./error-message";

export interface FailedQuery {
  error: unknown;
  isFetching: boolean;
  refetch: () => unknown;
}

/** Says that a query failed and why, and asks again. */
export function LoadError({ title, query }: { title: string; query: FailedQuery }) {
  return <ErrorNotice title={title} message={errorMessage(query.error)} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
}
