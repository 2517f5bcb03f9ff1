import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/empty-state";

/** A page that has nothing but something to say. */
export function FullPageMessage(props: { icon: LucideIcon; title: string; children: ReactNode; actions: ReactNode }) {
  return (
    <div className="grid min-h-[80dvh] place-items-center">
      <EmptyState {...props} />
    </div>
  );
}
