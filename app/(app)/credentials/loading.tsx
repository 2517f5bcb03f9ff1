import { CredentialsLoading } from "@/components/credentials/credentials-loading";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { Skeleton } from "@/components/ui/skeleton";

export default function Loading() {
  return (
    <PageBody>
      <PageHeader
        title="Credentials"
        description="What flows prove themselves with to other services"
        actions={<Skeleton className="h-8 w-32" />}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Skeleton className="h-8 w-52" />
        <CredentialsLoading />
      </div>
    </PageBody>
  );
}
