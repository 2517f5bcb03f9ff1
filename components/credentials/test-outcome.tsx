"use client";
import { CircleCheck, CircleX } from "lucide-react";
import { cn } from "@/components/ui/cn";

/** How the try of a credential at its service went. */
export function TestOutcome({ outcome: { ok, message }, children }: { outcome: { ok: boolean; message: string }; children?: string }) {
  const Icon = ok ? CircleCheck : CircleX;
  return (
    <div
      role="status"
      className={cn(
        "flex gap-2 rounded-lg border p-3 text-sm",
        ok ? "border-success/30 bg-success-soft" : "border-destructive/30 bg-destructive-soft",
      )}
    >
      <Icon aria-hidden="true" className={cn("mt-0.5 size-4 shrink-0", ok ? "text-success-text" : "text-destructive-text")} />
      <div className="min-w-0">
        <p className="font-medium">{ok ? "It works" : "It does not work"}</p>
        <p className="break-words">{message}</p>
        {children ? <p className="mt-1 text-muted-foreground">{children}</p> : null}
      </div>
    </div>
  );
}
