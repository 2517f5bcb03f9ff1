"use client";
import { CloudAlert, CloudCheck, CloudOff, CloudUpload, type LucideIcon } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { Tooltip } from "@/components/ui/tooltip";
import type { AutosaveState } from "./autosave-machine";

const LOOKS: Record<AutosaveState["phase"], { icon: LucideIcon; label: string; className?: string }> = {
  saved: { icon: CloudCheck, label: "Saved" },
  pending: { icon: CloudUpload, label: "Saving…" },
  saving: { icon: CloudUpload, label: "Saving…" },
  offline: { icon: CloudOff, label: "Offline, retrying", className: "text-warning-text" },
  conflict: { icon: CloudAlert, label: "Changed elsewhere", className: "text-destructive-text" },
  refused: { icon: CloudAlert, label: "Not saved", className: "text-destructive-text" },
};

/** Whether the draft is safe on the server. */
export function SaveIndicator({ state }: { state: AutosaveState }) {
  const { icon: Icon, label, className } = LOOKS[state.phase];
  return (
    <Tooltip
      content={
        state.message ?? (state.phase === "saved" ? "Everything is saved on the server" : "Your changes are kept in this browser too")
      }
    >
      <span
        role="status"
        aria-label={label}
        className={cn(
          "flex items-center gap-1.5 whitespace-nowrap rounded text-muted-foreground text-xs outline-none focus-visible:ring-2 focus-visible:ring-ring",
          className,
        )}
      >
        <Icon aria-hidden="true" className="size-3.5" />
        <span className="max-sm:hidden">{label}</span>
      </span>
    </Tooltip>
  );
}
