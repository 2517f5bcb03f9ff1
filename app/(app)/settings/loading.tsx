import { Skeleton } from "@/components/ui/skeleton";

export default function Loading() {
  return (
    <div role="status" aria-label="Loading the settings" className="grid gap-3">
      <Skeleton className="h-5 w-40" />
      <Skeleton className="h-40 rounded-xl" />
    </div>
  );
}
