"use client";
import type { ReactNode } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { type FailedQuery, LoadError } from "@/components/providers/load-error";
import { useCan } from "@/components/shell/session";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { FieldError } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";

/** A setting once it is loaded; before, a place for it, and why it could not be. */
export function LoadedSetting<T>({
  query,
  what,
  height,
  children,
}: {
  query: FailedQuery & { data: T | undefined; isError: boolean };
  /** "The limit", as the subject of what went wrong. */
  what: string;
  /** Class of the height that it will have. */
  height: string;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return <LoadError title={`${what} could not be loaded`} query={query} />;
  }
  return <Skeleton className={cn("rounded-xl", height)} />;
}

/** Fields that owners and admins change, with what it takes to save them. */
export function SettingForm({
  what,
  changed,
  pending,
  error,
  note,
  narrow = true,
  onSave,
  children,
}: {
  /** "this limit", as the object of what only some may change. */
  what: string;
  /** There is something to save. */
  changed: boolean;
  pending: boolean;
  /** What went wrong and stands beside no field. */
  error: unknown;
  /** Beside the button. */
  note?: string;
  narrow?: boolean;
  onSave: () => void;
  children: ReactNode;
}) {
  const canChange = useCan("admin");
  return (
    <Card className="p-5">
      <form
        className={cn("grid gap-4", narrow && "max-w-md")}
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) onSave();
        }}
      >
        {children}
        {error ? <FieldError>{errorMessage(error)}</FieldError> : null}
        {canChange ? (
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" variant="primary" pending={pending} disabled={!changed}>
              Save
            </Button>
            {note ? <p className="text-muted-foreground text-xs">{note}</p> : null}
          </div>
        ) : (
          <p className="text-muted-foreground text-xs">{`Owners and admins can change ${what}.`}</p>
        )}
      </form>
    </Card>
  );
}
