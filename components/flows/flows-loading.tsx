import { PageBody, PageHeader } from "@/components/shell/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { FlowTableSkeleton } from "./flow-table";

/** The list's page before its code or its flows are there; what follows takes its place without moving anything. */
export function FlowsLoading() {
  return (
    <PageBody>
      <PageHeader title="Flows" description="Automations of this organization" actions={<Skeleton className="h-8 w-28" />} />
      <Skeleton className="h-8 max-w-sm" />
      <FlowTableSkeleton />
    </PageBody>
  );
}
