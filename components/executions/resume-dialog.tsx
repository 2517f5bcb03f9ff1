"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { StepForward } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";
import { DEFAULT_RESUME, ResumeOptionFields } from "./resume-options";
import { ResumePlan } from "./resume-plan";

/** Shows what going on with an ended execution would do, and starts it. */
export function ResumeDialog({
  executionId,
  open,
  onOpenChange,
  onResumed,
}: {
  executionId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onResumed: (executionId: string) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [options, setOptions] = useState(DEFAULT_RESUME);
  const plan = useQuery(
    trpc.executions.resumptionPlan.queryOptions(
      { id: executionId, ...options },
      { enabled: open, retry: false, staleTime: 0, refetchOnWindowFocus: true, placeholderData: (previous) => previous },
    ),
  );
  const resume = useMutation(
    trpc.executions.resumeFrom.mutationOptions({
      onSuccess: (started) => {
        onOpenChange(false);
        onResumed(started.executionId);
      },
      // Most of all a draft that changed meanwhile: the new plan is shown.
      onError: () => plan.refetch(),
      onSettled: () => queryClient.invalidateQueries(trpc.executions.list.pathFilter()),
    }),
  );
  const changed = (next: typeof options) => {
    resume.reset();
    setOptions(next);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="max-w-xl">
        <DialogHeader>
          <DialogTitle>Resume this execution</DialogTitle>
          <DialogDescription>Steps whose node and input are what they were are taken over. Only the others run.</DialogDescription>
        </DialogHeader>
        <ResumeOptionFields options={options} onChange={changed} />
        {plan.isPending ? (
          <div className="grid gap-2" role="status" aria-label="Working out the plan">
            <Skeleton className="h-4 w-56" />
            <Skeleton className="h-36" />
          </div>
        ) : plan.isError ? (
          <LoadError title="It cannot go on like this" query={plan} />
        ) : (
          <div aria-busy={plan.isPlaceholderData}>
            <ResumePlan plan={plan.data} />
          </div>
        )}
        {resume.error ? <FieldError>{errorMessage(resume.error)}</FieldError> : null}
        <DialogFooter>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            variant="primary"
            pending={resume.isPending}
            disabled={!plan.data || plan.isError || plan.isPlaceholderData}
            onClick={() => plan.data && resume.mutate({ id: executionId, ...options, revision: plan.data.revision })}
          >
            <StepForward aria-hidden="true" />
            Resume
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
