import { TriangleAlert } from "lucide-react";
import type { StepError } from "@/flow/execution/errors";

/** What went wrong, where, and what to do about it. */
export function StepErrorNotice({ error, nodeName, attempt }: { error: StepError; nodeName: string; attempt?: number }) {
  const where = [
    `node "${nodeName}"`,
    error.field && `parameter "${error.field}"`,
    error.itemIndex !== undefined && `item ${error.itemIndex + 1}`,
    error.httpStatus !== undefined && `HTTP status ${error.httpStatus}`,
    attempt !== undefined && attempt > 1 && `attempt ${attempt}`,
  ].filter(Boolean);
  return (
    <div role="alert" className="grid gap-1 rounded-lg border border-destructive/30 bg-destructive-soft p-3 text-sm">
      <p className="flex gap-2 font-medium text-destructive-text">
        <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0 whitespace-pre-wrap break-words">{error.message}</span>
      </p>
      <p className="pl-6 text-muted-foreground text-xs">{`In ${where.join(", ")}.`}</p>
      {error.hint ? <p className="pl-6 text-xs">{error.hint}</p> : null}
    </div>
  );
}
