"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus, SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { SearchInput } from "@/components/shell/search-input";
import { useCan } from "@/components/shell/session";
import { useShortcuts } from "@/components/shell/shortcuts";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNotice } from "@/components/ui/error-notice";
import { Kbd } from "@/components/ui/kbd";
import { ListTable, ListTableSkeleton } from "@/components/ui/list-table";
import { LoadMore } from "@/components/ui/load-more";
import { Tooltip } from "@/components/ui/tooltip";
import { useDebounced } from "@/components/ui/use-debounced";
import { FLOW_COLUMNS } from "./flow-columns";
import { FlowRow } from "./flow-row";
import { FlowsEmpty } from "./flows-empty";
import { ImportButton } from "./import-button";
import { ImportDrop } from "./import-drop";
import { ImportReportDialog } from "./import-report-dialog";
import { useCreateFlow } from "./use-create-flow";
import { useImportFlows } from "./use-import-flows";

const REFRESH_MS = 10_000;
const SEARCH_DELAY_MS = 150;

export function FlowsPage() {
  const trpc = useTRPC();
  const canEdit = useCan("editor");
  const createFlow = useCreateFlow();
  const imports = useImportFlows();
  const [text, setText] = useState("");
  const search = useDebounced(text.trim(), SEARCH_DELAY_MS);
  const list = useInfiniteQuery(
    trpc.flows.list.infiniteQueryOptions(
      { search: search || undefined },
      {
        getNextPageParam: (page) => page.nextCursor,
        placeholderData: (previous) => previous,
        // Whoever comes back from the editor has changed something there.
        refetchOnMount: "always",
        // Last runs go on while one looks; a long list that was scrolled is left alone.
        refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : REFRESH_MS),
      },
    ),
  );
  const flows = list.data?.pages.flatMap((page) => page.flows) ?? [];
  const create = () => {
    if (!createFlow.isPending) createFlow.mutate({});
  };
  const { mutate, isPending } = createFlow;
  useShortcuts(
    useMemo(() => ({ c: () => (isPending ? undefined : mutate({})) }), [mutate, isPending]),
    canEdit,
  );

  return (
    <PageBody>
      <PageHeader
        title="Flows"
        description="Automations of this organization"
        actions={
          canEdit ? (
            <>
              <ImportButton onFiles={imports.importFiles} pending={imports.pending} />
              <Tooltip
                content={
                  <>
                    Create flow <Kbd>C</Kbd>
                  </>
                }
              >
                <Button variant="primary" onClick={create} pending={createFlow.isPending}>
                  <Plus aria-hidden="true" />
                  Create flow
                </Button>
              </Tooltip>
            </>
          ) : null
        }
      />
      <SearchInput label="Search flows" value={text} onChange={setText} className="max-w-sm" />
      {list.isPending ? (
        <ListTableSkeleton columns={FLOW_COLUMNS} />
      ) : list.isError && flows.length === 0 ? (
        <ErrorNotice
          title="The flows could not be loaded"
          message={errorMessage(list.error)}
          onRetry={() => list.refetch()}
          retrying={list.isFetching}
        />
      ) : flows.length === 0 && search ? (
        <Card>
          <EmptyState
            icon={SearchX}
            title={`No flow matches “${search}”`}
            actions={<Button onClick={() => setText("")}>Clear search</Button>}
          >
            Search looks at names and descriptions.
          </EmptyState>
        </Card>
      ) : flows.length === 0 ? (
        <FlowsEmpty onCreate={canEdit ? create : null} pending={createFlow.isPending} />
      ) : (
        <ListTable columns={FLOW_COLUMNS} busy={list.isPlaceholderData}>
          {flows.map((flow) => (
            <FlowRow key={flow.id} flow={flow} />
          ))}
        </ListTable>
      )}
      {canEdit ? <ImportDrop onFiles={imports.importFiles} /> : null}
      <ImportReportDialog outcomes={imports.outcomes} onClose={imports.close} />
      {list.hasNextPage ? (
        <LoadMore loading={list.isFetchingNextPage} failed={list.isFetchNextPageError} onLoad={list.fetchNextPage} />
      ) : null}
    </PageBody>
  );
}
