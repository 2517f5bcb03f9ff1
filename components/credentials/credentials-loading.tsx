import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

export function CredentialsLoading() {
  return (
    <Card className="divide-y divide-border-subtle" aria-busy="true">
      {[0, 1, 2].map((row) => (
        <div key={row} className="flex h-14 items-center gap-3 px-4">
          <Skeleton className="size-8 rounded-md" />
          <div className="grid gap-1.5">
            <Skeleton className="h-3.5 w-44" />
            <Skeleton className="h-3 w-64 max-sm:w-40" />
          </div>
        </div>
      ))}
    </Card>
  );
}
