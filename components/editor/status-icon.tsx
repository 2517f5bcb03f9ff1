import { Ban, Check, CircleDashed, Clock3, LoaderCircle, Minus, X } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { ExecutionStatus, StepStatus } from "@/flow/execution/status";
import { STATUS_LABELS } from "./format";

const LOOKS: Record<StepStatus | ExecutionStatus, { icon: typeof Check; className: string }> = {
  queued: { icon: CircleDashed, className: "bg-subtle text-muted-foreground" },
  running: { icon: LoaderCircle, className: "bg-info-soft text-info-text [&>svg]:animate-spin motion-reduce:[&>svg]:animate-none" },
  waiting: { icon: Clock3, className: "bg-warning-soft text-warning-text" },
  paused: { icon: Clock3, className: "bg-warning-soft text-warning-text" },
  succeeded: { icon: Check, className: "bg-success text-white dark:text-black" },
  failed: { icon: X, className: "bg-destructive text-white" },
  timed_out: { icon: X, className: "bg-destructive text-white" },
  skipped: { icon: Minus, className: "bg-subtle text-muted-foreground" },
  cancelled: { icon: Ban, className: "bg-subtle text-muted-foreground" },
};

/** A small round mark; colour, shape and label all say the same. */
export function StatusIcon({ status, className }: { status: StepStatus | ExecutionStatus; className?: string }) {
  const { icon: Icon, className: look } = LOOKS[status];
  return (
    <span
      role="img"
      aria-label={STATUS_LABELS[status]}
      data-status={status}
      className={cn("grid size-4 shrink-0 place-items-center rounded-full [&>svg]:size-[70%]", look, className)}
    >
      <Icon strokeWidth={3} />
    </span>
  );
}
