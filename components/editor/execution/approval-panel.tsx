"use client";
import { useMutation } from "@tanstack/react-query";
import { Check, Hand, X } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/form-field";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";

/** A decision that an execution waits for. */
export function ApprovalPanel({
  executionId,
  stepKey,
  nodeName,
  message,
}: {
  executionId: string;
  stepKey: string;
  nodeName: string;
  message: string | undefined;
}) {
  const trpc = useTRPC();
  const [comment, setComment] = useState("");
  const resume = useMutation(
    trpc.executions.resume.mutationOptions({
      onSuccess: (_, { approved }) => toast.success(approved ? "Approved" : "Rejected", { description: `"${nodeName}" goes on.` }),
    }),
  );
  const decide = (approved: boolean) => resume.mutate({ id: executionId, key: stepKey, approved, comment });
  return (
    <section aria-label={`Approval: ${nodeName}`} className="grid gap-2.5 rounded-lg border border-warning/40 bg-warning-soft p-3">
      <p className="flex items-start gap-2 font-medium text-sm">
        <Hand aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning-text" />
        <span className="min-w-0 whitespace-pre-wrap break-words">{message || `"${nodeName}" waits for a decision.`}</span>
      </p>
      <Textarea
        aria-label="Comment"
        placeholder="Comment (optional)"
        rows={2}
        maxLength={2000}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      {resume.error ? <FieldError>{errorMessage(resume.error)}</FieldError> : null}
      <div className="flex gap-2">
        <Button
          variant="primary"
          pending={resume.isPending && resume.variables.approved}
          disabled={resume.isPending || resume.isSuccess}
          onClick={() => decide(true)}
        >
          <Check aria-hidden="true" />
          Approve
        </Button>
        <Button
          pending={resume.isPending && !resume.variables.approved}
          disabled={resume.isPending || resume.isSuccess}
          onClick={() => decide(false)}
        >
          <X aria-hidden="true" />
          Reject
        </Button>
      </div>
    </section>
  );
}
