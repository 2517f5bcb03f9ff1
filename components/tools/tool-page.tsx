"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronLeft, Plus, RefreshCw, Settings2, Trash2 } from "lucide-react";
import Link from "next/link";
import { notFound, useRouter } from "next/navigation";
import { useState } from "react";
import { errorMessage, isNotFound } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { useCan } from "@/components/shell/session";
import { ConfirmDialog } from "@/components/ui/alert-dialog";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNotice } from "@/components/ui/error-notice";
import { FieldError } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { ActionDialog } from "./action-dialog";
import { ActionList } from "./action-list";
import { ActionView } from "./action-view";
import { AUTH_LABELS } from "./auth-labels";
import { ImportDialog } from "./import-dialog";
import { ToolDialog } from "./tool-dialog";
import { ToolUsers } from "./tool-users";

/** Every action of a tool is loaded, without its form: a search over all of them answers as one types. */
const ALL = 5000;

/** One tool: its actions, each to look at, to try and to change. */
export function ToolPage({ toolId }: { toolId: string }) {
  const trpc = useTRPC();
  const canEdit = useCan("editor");
  const [dialog, setDialog] = useState<"settings" | "action" | "delete" | "import" | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const tool = useQuery(trpc.tools.get.queryOptions({ id: toolId }));
  const list = useQuery(trpc.actions.list.queryOptions({ toolId, limit: ALL }));
  if (isNotFound(tool.error)) notFound();
  const actions = list.data?.actions ?? [];
  const current = actions.some(({ id }) => id === selected) ? selected : (actions[0]?.id ?? null);
  const failed = tool.isError ? tool.error : list.isError ? list.error : null;

  return (
    <PageBody>
      <Link
        href="/tools"
        className="flex w-fit items-center gap-1 rounded-sm text-muted-foreground text-sm outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
      >
        <ChevronLeft aria-hidden="true" className="size-4" />
        Tools
      </Link>
      {failed ? (
        <ErrorNotice
          title="The tool could not be loaded"
          message={errorMessage(failed)}
          onRetry={() => {
            void tool.refetch();
            void list.refetch();
          }}
          retrying={tool.isFetching || list.isFetching}
        />
      ) : !tool.data ? (
        <Skeleton className="h-12 w-72" />
      ) : (
        <PageHeader
          title={tool.data.name}
          description={
            <span className="flex min-w-0 flex-wrap items-center gap-2">
              <span className="min-w-0 truncate font-mono text-xs">{tool.data.baseUrl}</span>
              <Badge>{AUTH_LABELS[tool.data.authType]}</Badge>
              {tool.data.description ? <span className="line-clamp-2 w-full">{tool.data.description}</span> : null}
            </span>
          }
          actions={
            canEdit ? (
              <>
                <Button onClick={() => setDialog("settings")}>
                  <Settings2 aria-hidden="true" />
                  Settings
                </Button>
                {tool.data.source === "openapi" || tool.data.source === "postman" ? (
                  <Button onClick={() => setDialog("import")}>
                    <RefreshCw aria-hidden="true" />
                    Update
                  </Button>
                ) : null}
                <Button size="icon" aria-label="Delete tool" onClick={() => setDialog("delete")}>
                  <Trash2 aria-hidden="true" />
                </Button>
                <Button variant="primary" onClick={() => setDialog("action")}>
                  <Plus aria-hidden="true" />
                  Add action
                </Button>
              </>
            ) : null
          }
        />
      )}
      {failed ? null : list.isPending ? (
        <Card className="grid gap-3 p-4" aria-busy="true">
          {[50, 70, 40].map((width) => (
            <Skeleton key={width} className="h-5" style={{ width: `${width}%` }} />
          ))}
        </Card>
      ) : actions.length === 0 ? (
        <Card>
          <EmptyState
            icon={Plus}
            title="No actions yet"
            actions={
              canEdit ? (
                <Button variant="primary" onClick={() => setDialog("action")}>
                  Add action
                </Button>
              ) : null
            }
          >
            An action is one request of this API, with inputs: list orders, create a ticket.
          </EmptyState>
        </Card>
      ) : (
        <div className="grid min-w-0 gap-4 md:grid-cols-[minmax(16rem,2fr)_minmax(0,3fr)]">
          <ActionList actions={actions} selected={current} onSelect={setSelected} />
          {current ? (
            <ActionView key={current} actionId={current} auth={tool.data?.authType ?? "none"} onDeleted={() => setSelected(null)} />
          ) : null}
        </div>
      )}
      <ToolDialog open={dialog === "settings"} tool={tool.data ?? null} onClose={() => setDialog(null)} />
      <ActionDialog open={dialog === "action"} toolId={toolId} action={null} onSaved={setSelected} onClose={() => setDialog(null)} />
      {tool.data ? <ImportDialog open={dialog === "import"} tool={tool.data} onClose={() => setDialog(null)} /> : null}
      {tool.data ? (
        <DeleteTool open={dialog === "delete"} id={toolId} name={tool.data.name} count={actions.length} onClose={() => setDialog(null)} />
      ) : null}
    </PageBody>
  );
}

function DeleteTool({ open, id, name, count, onClose }: { open: boolean; id: string; name: string; count: number; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const remove = useMutation(
    trpc.tools.delete.mutationOptions({
      onSuccess: () => {
        toast.success(`Deleted “${name}”`);
        router.push("/tools");
        void queryClient.invalidateQueries(trpc.tools.list.pathFilter());
      },
    }),
  );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={`Delete “${name}”?`}
      description={`Its ${count === 1 ? "action goes" : `${count} actions go`} with it. Nodes that call them stay in their flows and fail until another action is chosen.`}
      details={<ToolUsers open={open} toolId={id} />}
      confirmLabel="Delete tool"
      pending={remove.isPending}
      onConfirm={() => remove.mutate({ id })}
      error={remove.isError ? <FieldError>{errorMessage(remove.error)}</FieldError> : null}
    />
  );
}
