"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ErrorNotice } from "@/components/ui/error-notice";
import { FieldError, FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";

/** How many executions may run at the same time. */
export function ConcurrencySettings() {
  const trpc = useTRPC();
  const query = useQuery(trpc.organizations.concurrency.queryOptions());
  if (query.data) return <ConcurrencyForm key={query.data.maxConcurrent} current={query.data.maxConcurrent} />;
  if (query.isError) {
    return (
      <ErrorNotice
        title="The limit could not be loaded"
        message={errorMessage(query.error)}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  return <Skeleton className="h-32 rounded-xl" />;
}

function ConcurrencyForm({ current }: { current: number }) {
  const canChange = useCan("admin");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [text, setText] = useState(String(current));
  const save = useMutation(
    trpc.organizations.setConcurrency.mutationOptions({
      onSuccess: (saved) => {
        toast.success("Saved");
        queryClient.setQueryData(trpc.organizations.concurrency.queryKey(), saved);
      },
    }),
  );
  const problem = fieldErrors(save.error).maxConcurrent;
  const limit = Number(text);
  return (
    <Card className="p-5">
      <form
        className="grid max-w-md gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (limit !== current) save.mutate({ maxConcurrent: limit });
        }}
      >
        <FormField
          label="At the same time"
          hint="Of all flows together; further ones queue. What waits or sleeps does not count. A flow can have a limit of its own."
          error={problem}
        >
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={1000}
              step={1}
              required
              value={text}
              onChange={(event) => setText(event.target.value)}
              disabled={!canChange}
            />
          )}
        </FormField>
        {save.isError && !problem ? <FieldError>{errorMessage(save.error)}</FieldError> : null}
        {canChange ? (
          <div>
            <Button type="submit" variant="primary" pending={save.isPending} disabled={limit === current}>
              Save
            </Button>
          </div>
        ) : (
          <p className="text-muted-foreground text-xs">Owners and admins can change this limit.</p>
        )}
      </form>
    </Card>
  );
}
