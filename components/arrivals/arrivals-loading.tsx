import { ExecutionViews } from "@/components/executions/execution-views";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { ListTableSkeleton } from "@/components/ui/list-table";
import { ARRIVAL_COLUMNS } from "./arrival-row";

/** The list's page before its code or its arrivals are there; what follows takes its place without moving anything. */
export function ArrivalsLoading() {
  return (
    <PageBody>
      <PageHeader title="Arrivals" description="What came while its flow was off or could not run" />
      <ExecutionViews />
      <ListTableSkeleton columns={ARRIVAL_COLUMNS} rows={4} />
    </PageBody>
  );
}
