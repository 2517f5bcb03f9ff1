"use client";
import type { ReactNode } from "react";
import { type FailedQuery, LoadError } from "@/components/providers/load-error";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

/** Things of the organization, one a row: while they load, when they cannot be, when there are none. */
export function SettingsList<T>({
  query,
  what,
  empty,
  children,
}: {
  query: FailedQuery & { data: readonly T[] | undefined; isError: boolean };
  /** "The API keys", as the subject of what went wrong. */
  what: string;
  empty: ReactNode;
  /** One row. */
  children: (item: T) => ReactNode;
}) {
  if (query.data === undefined) {
    if (query.isError) {
      return <LoadError title={`${what} could not be loaded`} query={query} />;
    }
    return (
      <Card className="divide-y divide-border-subtle" aria-busy="true">
        {[0, 1].map((row) => (
          <div key={row} className="flex h-14 items-center gap-3 px-4">
            <Skeleton className="h-4 w-48" />
          </div>
        ))}
      </Card>
    );
  }
  if (query.data.length === 0) return <Card>{empty}</Card>;
  return (
    <Card>
      <ul className="divide-y divide-border-subtle">{query.data.map(children)}</ul>
    </Card>
  );
}
