import { Ban, CircleAlert, CircleCheck, CircleDashed, CirclePause, Clock, LoaderCircle, type LucideIcon, TimerOff } from "lucide-react";
import { STATUS_LABELS } from "@/components/editor/format";
import { cn } from "@/components/ui/cn";
import type { ExecutionStatus } from "@/flow/execution/status";

const LOOKS: Record<ExecutionStatus, { icon: LucideIcon; className: string }> = {
  queued: { icon: CircleDashed, className: "text-muted-foreground" },
  running: { icon: LoaderCircle, className: "text-info animate-spin [animation-duration:1.4s]" },
  waiting: { icon: Clock, className: "text-warning" },
  paused: { icon: CirclePause, className: "text-warning" },
  succeeded: { icon: CircleCheck, className: "text-success" },
  failed: { icon: CircleAlert, className: "text-destructive-text" },
  cancelled: { icon: Ban, className: "text-muted-foreground" },
  timed_out: { icon: TimerOff, className: "text-destructive-text" },
};

export const statusLabel = (status: ExecutionStatus): string => STATUS_LABELS[status] ?? status;

/** Shape and colour both tell the status; the name is there for those who see neither. */
export function StatusIcon({ status, className }: { status: ExecutionStatus; className?: string }) {
  const { icon: Icon, className: tone } = LOOKS[status];
  return <Icon role="img" aria-label={statusLabel(status)} className={cn("size-4 shrink-0", tone, className)} />;
}

export function StatusText({ status }: { status: ExecutionStatus }) {
  const { icon: Icon, className: tone } = LOOKS[status];
  return (
    <span className="flex items-center gap-2 font-medium">
      <Icon aria-hidden="true" className={cn("size-4 shrink-0", tone)} />
      {statusLabel(status)}
    </span>
  );
}
