"use client";
import { useQuery } from "@tanstack/react-query";
import { LockKeyhole, Plus, SearchX } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { type ReactNode, useState } from "react";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { SearchInput } from "@/components/shell/search-input";
import { useCan } from "@/components/shell/session";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { CredentialRow } from "./credential-row";
import { CredentialsLoading } from "./credentials-loading";
import { NewCredentialDialog } from "./new-credential-dialog";
import { OAuthClients } from "./oauth-clients";
import { ReconnectBanner } from "./reconnect-banner";
import { matches, useCredentialService } from "./services";

/** So many are found at a glance. */
const FEW = 6;

export function CredentialsPage() {
  const tab = useSearchParams().get("tab") === "clients" ? "clients" : "credentials";
  const mayMake = useCan("editor");
  const [making, setMaking] = useState(false);
  const make = mayMake ? (
    <Button variant="primary" onClick={() => setMaking(true)}>
      <Plus aria-hidden="true" />
      New credential
    </Button>
  ) : null;
  return (
    <PageBody>
      <PageHeader title="Credentials" description="What flows prove themselves with to other services" actions={make} />
      <Tabs
        value={tab}
        // In place: everything that the tab needs is here, and a slow server must not hold it up.
        onValueChange={(next) => window.history.replaceState(null, "", next === "clients" ? "/credentials?tab=clients" : "/credentials")}
        className="grid grid-cols-[minmax(0,1fr)] gap-4"
      >
        <TabsList className="justify-self-start">
          <TabsTrigger value="credentials">Credentials</TabsTrigger>
          <TabsTrigger value="clients">OAuth clients</TabsTrigger>
        </TabsList>
        <TabsContent value="credentials" className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <CredentialList make={make} />
        </TabsContent>
        <TabsContent value="clients">
          <OAuthClients />
        </TabsContent>
      </Tabs>
      {making ? <NewCredentialDialog open onOpenChange={setMaking} onCreated={() => {}} /> : null}
    </PageBody>
  );
}

function CredentialList({ make }: { make: ReactNode }) {
  const trpc = useTRPC();
  const list = useQuery(trpc.credentials.list.queryOptions({}, { refetchOnMount: "always" }));
  const serviceOf = useCredentialService();
  const [search, setSearch] = useState("");
  if (list.isPending) return <CredentialsLoading />;
  if (list.isError) {
    return <LoadError title="The credentials could not be loaded" query={list} />;
  }
  const { credentials } = list.data;
  if (credentials.length === 0) {
    return (
      <Card>
        <EmptyState icon={LockKeyhole} title="No credentials yet" actions={make}>
          An API key, a password or a connected account. Nodes choose it by its name, and nobody sees what is in it.
        </EmptyState>
      </Card>
    );
  }
  const found = credentials.filter((credential) =>
    matches({ name: credential.name, description: `${serviceOf(credential).name} ${credential.allowedHosts.join(" ")}` }, search),
  );
  return (
    <>
      <ReconnectBanner credentials={credentials} />
      {credentials.length > FEW ? (
        <SearchInput label="Search credentials" value={search} onChange={setSearch} className="w-full max-w-sm" />
      ) : null}
      <Card>
        {found.length === 0 ? (
          <EmptyState
            icon={SearchX}
            title={`No credential matches “${search}”`}
            actions={<Button onClick={() => setSearch("")}>Clear search</Button>}
          >
            Search looks at names, services and hosts.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-border-subtle">
            {found.map((credential) => (
              <CredentialRow key={credential.id} credential={credential} serviceOf={serviceOf} />
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
