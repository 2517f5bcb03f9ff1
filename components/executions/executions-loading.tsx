import { PageBody, PageHeader } from "@/components/shell/page-header";
import { ListTableSkeleton } from "@/components/ui/list-table";
import { Skeleton } from "@/components/ui/skeleton";
import { EXECUTION_COLUMNS } from "./execution-columns";
import { ExecutionViews } from "./execution-views";

/** The list's page before its code or its executions are there; what follows takes its place without moving anything. */
export function ExecutionsLoading() {
  return (
    <PageBody>
      <PageHeader title="Executions" description="Every run of every flow, newest first" actions={<div className="h-7" />} />
      <ExecutionViews />
      <div className="flex flex-wrap gap-2">
        {[74, 85, 109, 98].map((width) => (
          <Skeleton key={width} className="h-8" style={{ width }} />
        ))}
      </div>
      <ListTableSkeleton columns={EXECUTION_COLUMNS} />
    </PageBody>
  );
}
