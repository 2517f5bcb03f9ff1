import { Skeleton } from "@/components/ui/skeleton";

/** The editor's outline while it loads: a bar above, steps on a canvas. */
export function CanvasSkeleton({ label }: { label: string }) {
  return (
    <div className="flex h-full flex-col" role="status" aria-busy="true" aria-label={label}>
      <div className="flex h-12 shrink-0 items-center gap-3 border-border border-b bg-background px-4">
        <Skeleton className="h-4 w-40" />
        <div className="flex-1" />
        <Skeleton className="h-8 w-20" />
      </div>
      <div className="relative grid flex-1 place-items-center overflow-hidden bg-canvas">
        <div className="flex items-center gap-12 sm:gap-20">
          <Skeleton className="h-14 w-28 rounded-xl sm:w-44" />
          <Skeleton className="h-14 w-28 rounded-xl sm:w-44" />
          <Skeleton className="hidden h-14 w-44 rounded-xl lg:block" />
        </div>
      </div>
    </div>
  );
}
