"use client";
import { Toaster as Sonner } from "sonner";
import { useTheme } from "@/components/providers/theme";

export { toast } from "sonner";

export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme}
      position="bottom-right"
      gap={8}
      closeButton={false}
      toastOptions={{
        classNames: {
          toast:
            "!rounded-lg !border !border-border !bg-popover !p-3 !text-sm !text-popover-foreground !shadow-pop !font-sans !gap-2.5 data-[type=error]:[&_[data-icon]]:!text-destructive-text data-[type=success]:[&_[data-icon]]:!text-success-text",
          title: "!font-medium",
          description: "!text-muted-foreground",
          actionButton:
            "!h-7 !rounded-md !border !border-input !bg-raised !px-2.5 !text-xs !font-medium !text-foreground hover:!bg-hover focus-visible:!ring-2 focus-visible:!ring-ring",
        },
      }}
    />
  );
}
