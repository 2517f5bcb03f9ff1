import { PageBody, PageHeader } from "@/components/shell/page-header";
import { ListTableSkeleton } from "@/components/ui/list-table";
import { Skeleton } from "@/components/ui/skeleton";
import { FLOW_COLUMNS } from "./flow-columns";

/** The list's page before its code or its flows are there; what follows takes its place without moving anything. */
export function FlowsLoading() {
  return (
    <PageBody>
      <PageHeader title="Flows" description="Automations of this organization" actions={<Skeleton className="h-8 w-28" />} />
      <Skeleton className="h-8 max-w-sm" />
      <ListTableSkeleton columns={FLOW_COLUMNS} />
    </PageBody>
  );
}
