import { CredentialsLoading } from "@/components/credentials/credentials-loading";
import { PageBody, PageHeader } from "@/components/shell/page-header";

export default function Loading() {
  return (
    <PageBody>
      <PageHeader title="Credentials" />
      <CredentialsLoading />
    </PageBody>
  );
}
