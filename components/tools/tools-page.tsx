"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FileDown, Plug, Plus, SearchX } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { SearchInput } from "@/components/shell/search-input";
import { useCan } from "@/components/shell/session";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { moveBetweenRows } from "@/components/ui/row-keys";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useDebounced } from "@/components/ui/use-debounced";
import { AUTH_LABELS } from "./auth-labels";
import { ImportDialog } from "./import-dialog";
import { ReadyTools, readyMatches } from "./ready-tools";
import { ToolDialog } from "./tool-dialog";

const SEARCH_DELAY_MS = 150;

/** The APIs that the organization has registered. */
export function ToolsPage() {
  const trpc = useTRPC();
  const canEdit = useCan("editor");
  const [text, setText] = useState("");
  const [dialog, setDialog] = useState<"create" | "import" | null>(null);
  const search = useDebounced(text.trim(), SEARCH_DELAY_MS);
  const list = useQuery(trpc.tools.list.queryOptions({ search: search || undefined }, { placeholderData: keepPreviousData }));
  const tools = list.data ?? [];
  const ready = useQuery(trpc.tools.catalog.queryOptions());
  const foundReady = readyMatches(ready.data ?? [], search).length > 0;
  const actions = canEdit ? (
    <>
      <Button onClick={() => setDialog("import")}>
        <FileDown aria-hidden="true" />
        Import API
      </Button>
      <Button variant="primary" onClick={() => setDialog("create")}>
        <Plus aria-hidden="true" />
        Add tool
      </Button>
    </>
  ) : null;
  return (
    <PageBody>
      <PageHeader title="Tools" description="APIs that your flows call" actions={actions} />
      <SearchInput label="Search tools" value={text} onChange={setText} className="max-w-sm" />
      {list.isPending ? (
        <Card className="grid gap-3 p-4" aria-busy="true">
          {[44, 60, 36].map((width) => (
            <Skeleton key={width} className="h-5" style={{ width: `${width}%` }} />
          ))}
        </Card>
      ) : list.isError ? (
        <LoadError title="The tools could not be loaded" query={list} />
      ) : tools.length === 0 && search && foundReady ? null : tools.length === 0 && search ? (
        <Card>
          <EmptyState
            icon={SearchX}
            title={`No tool matches “${search}”`}
            actions={<Button onClick={() => setText("")}>Clear search</Button>}
          >
            Search looks at names, keys and descriptions.
          </EmptyState>
        </Card>
      ) : tools.length === 0 ? (
        <Card>
          <EmptyState icon={Plug} title="Register your first API" actions={actions}>
            Import an OpenAPI document, a Postman collection or a curl command, and each operation becomes an action: with a form, to try
            out here and to place on the canvas.
            {canEdit ? null : " Your role may look, not change: ask an editor of this organization."}
          </EmptyState>
        </Card>
      ) : (
        <Card className="overflow-hidden" onKeyDown={moveBetweenRows} aria-busy={list.isPlaceholderData}>
          <Table className="table-fixed">
            <thead>
              <tr>
                <TableHead>Name</TableHead>
                <TableHead className="w-24">Actions</TableHead>
                <TableHead className="w-40 max-sm:hidden">Authentication</TableHead>
                <TableHead className="w-28 max-md:hidden">Changed</TableHead>
              </tr>
            </thead>
            <tbody>
              {tools.map((tool) => (
                <TableRow key={tool.id} className="relative">
                  <TableCell className="h-14">
                    <Link
                      href={`/tools/${tool.id}`}
                      data-row
                      className="block min-w-0 truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:rounded-lg focus-visible:after:ring-2 focus-visible:after:ring-ring focus-visible:after:ring-inset"
                    >
                      {tool.name}
                    </Link>
                    <p className="truncate font-mono text-muted-foreground text-xs">{tool.baseUrl}</p>
                  </TableCell>
                  <TableCell className="text-muted-foreground tabular-nums">{tool.actionCount}</TableCell>
                  <TableCell className="max-sm:hidden">
                    <Badge>{AUTH_LABELS[tool.authType]}</Badge>
                  </TableCell>
                  <TableCell className="text-muted-foreground text-xs max-md:hidden">
                    <RelativeTime at={tool.updatedAt} />
                  </TableCell>
                </TableRow>
              ))}
            </tbody>
          </Table>
        </Card>
      )}
      {/* Not before what stands above it: it would jump as that comes. */}
      {list.isPending ? null : <ReadyTools search={search} />}
      <ImportDialog open={dialog === "import"} tool={null} onClose={() => setDialog(null)} />
      <ToolDialog open={dialog === "create"} tool={null} onClose={() => setDialog(null)} />
    </PageBody>
  );
}
