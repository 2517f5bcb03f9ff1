import {
  CalendarClock,
  ClipboardList,
  Code,
  type LucideIcon,
  MessageSquare,
  MousePointerClick,
  Radio,
  RotateCcw,
  Rss,
  TriangleAlert,
  Webhook,
  Workflow,
} from "lucide-react";
import type { ExecutionMode } from "@/flow/execution/status";

export const MODES: Record<ExecutionMode, { label: string; icon: LucideIcon }> = {
  manual: { label: "Editor", icon: MousePointerClick },
  webhook: { label: "Webhook", icon: Webhook },
  schedule: { label: "Schedule", icon: CalendarClock },
  api: { label: "API", icon: Code },
  poll: { label: "Poll", icon: Rss },
  event: { label: "Event", icon: Radio },
  flow: { label: "Flow", icon: Workflow },
  error: { label: "Error", icon: TriangleAlert },
  form: { label: "Form", icon: ClipboardList },
  chat: { label: "Chat", icon: MessageSquare },
  retry: { label: "Retry", icon: RotateCcw },
};

/** How an execution came to be. */
export function Mode({ mode }: { mode: ExecutionMode }) {
  const { label, icon: Icon } = MODES[mode];
  return (
    <span className="flex items-center gap-1.5 text-muted-foreground text-xs">
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
      {label}
    </span>
  );
}
