import { PageBody } from "@/components/shell/page-header";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

/** The place of the tools while they are on their way. */
export function ToolsLoading() {
  return (
    <PageBody>
      <Skeleton className="h-12 w-56" />
      <Skeleton className="h-8 w-full max-w-sm" />
      <Card className="grid gap-3 p-4" aria-busy="true">
        {[44, 60, 36].map((width) => (
          <Skeleton key={width} className="h-5" style={{ width: `${width}%` }} />
        ))}
      </Card>
    </PageBody>
  );
}
