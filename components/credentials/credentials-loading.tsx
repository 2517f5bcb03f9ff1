import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

export function CredentialsLoading() {
  return (
    <Card className="divide-y divide-border-subtle" aria-busy="true">
      {[0, 1, 2].map((row) => (
        <div key={row} className="flex h-14 items-center gap-3 px-4">
          <Skeleton className="h-4 w-56" />
        </div>
      ))}
    </Card>
  );
}
