import { PageBody, PageHeader } from "@/components/shell/page-header";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

/** The list's page before its code or its tools are there. */
export function ToolsLoading() {
  return (
    <PageBody>
      <PageHeader title="Tools" description="APIs that your flows call" actions={<Skeleton className="h-8 w-28" />} />
      <Skeleton className="h-8 w-full max-w-sm" />
      <Card className="grid gap-3 p-4" aria-busy="true">
        {[44, 60, 36].map((width) => (
          <Skeleton key={width} className="h-5" style={{ width: `${width}%` }} />
        ))}
      </Card>
    </PageBody>
  );
}
