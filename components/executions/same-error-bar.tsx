"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { StepForward } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { DEFAULT_RESUME, ResumeOptionFields } from "./resume-options";
import { PlanSums } from "./resume-plan";

const executions = (count: number): string => `${count} ${count === 1 ? "execution" : "executions"}`;

/** Above a list of executions that failed alike: resumes all of them. */
export function SameErrorBar({ executionId }: { executionId: string }) {
  const [open, setOpen] = useState(false);
  const canEdit = useCan("editor");
  return (
    <section aria-label="Same error" className="flex flex-wrap items-center gap-3 rounded-lg border border-border px-3 py-2 text-sm">
      <p className="min-w-0 flex-1 text-muted-foreground">Executions that failed at the same step with the same error</p>
      {canEdit ? (
        <Button onClick={() => setOpen(true)}>
          <StepForward aria-hidden="true" />
          Resume all…
        </Button>
      ) : null}
      {open ? <ResumeAllDialog executionId={executionId} onClose={() => setOpen(false)} /> : null}
    </section>
  );
}

function ResumeAllDialog({ executionId, onClose }: { executionId: string; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [options, setOptions] = useState(DEFAULT_RESUME);
  const [done, setDone] = useState(0);
  const summary = useQuery(
    trpc.executions.sameError.queryOptions({ id: executionId, ...options }, { retry: false, placeholderData: (previous) => previous }),
  );
  const batch = useMutation(trpc.executions.resumeSameError.mutationOptions());
  const all = useMutation({
    mutationFn: async () => {
      const refused: string[] = [];
      let resumed = 0;
      for (let after: string | null | undefined; after !== null; ) {
        const answer = await batch.mutateAsync({ id: executionId, ...options, after });
        resumed += answer.resumed.length;
        refused.push(...answer.refused.map(({ message }) => message));
        setDone(resumed + refused.length);
        after = answer.next;
      }
      return { resumed, refused };
    },
    onSuccess: ({ resumed, refused }) => {
      if (refused.length > 0) toast.error(`${executions(refused.length)} could not be resumed`, { description: refused[0] });
      if (resumed > 0) toast.success(`Resumed ${executions(resumed)}`);
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries(trpc.executions.pathFilter()),
  });
  const count = summary.data?.count ?? 0;
  return (
    <Dialog open onOpenChange={(open) => open || all.isPending || onClose()}>
      <DialogContent className="max-w-xl">
        <DialogHeader>
          <DialogTitle>Resume all that failed alike</DialogTitle>
          <DialogDescription>
            Each goes on where it stood, the oldest first. Those that were resumed already are left out.
          </DialogDescription>
        </DialogHeader>
        <ResumeOptionFields options={options} onChange={setOptions} />
        {summary.isPending ? (
          <Skeleton className="h-16" />
        ) : summary.isError ? (
          <LoadError title="They cannot be looked up" query={summary} />
        ) : (
          <div className="grid gap-2 text-sm" aria-busy={summary.isPlaceholderData}>
            <p>
              <span className="font-medium">{executions(count)}</span>
              {summary.data.planned < count ? `; steps of the first ${summary.data.planned}:` : null}
            </p>
            <PlanSums sums={summary.data.steps} />
            {summary.data.problems.map((problem) => (
              <p key={problem} className="text-destructive-text text-xs">
                {problem}
              </p>
            ))}
          </div>
        )}
        {all.error ? <FieldError>{errorMessage(all.error)}</FieldError> : null}
        <DialogFooter>
          <p role="status" className="mr-auto self-center text-muted-foreground text-xs">
            {all.isPending ? `${done} of ${count}` : null}
          </p>
          <Button disabled={all.isPending} onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="primary"
            pending={all.isPending}
            disabled={count === 0 || summary.isPlaceholderData}
            onClick={() => all.mutate()}
          >
            <StepForward aria-hidden="true" />
            {count > 0 ? `Resume ${executions(count)}` : "Nothing to resume"}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
