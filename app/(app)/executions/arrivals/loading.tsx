import { ArrivalTableSkeleton } from "@/components/arrivals/arrival-table";
import { ExecutionViews } from "@/components/executions/execution-views";
import { PageBody, PageHeader } from "@/components/shell/page-header";

export default function Loading() {
  return (
    <PageBody>
      <PageHeader title="Arrivals" description="Webhook calls that came while their flow was off or could not run" />
      <ExecutionViews />
      <ArrivalTableSkeleton />
    </PageBody>
  );
}
