"use client";
import { Copy, Ellipsis, History, Pencil, Trash2, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { memo, useState } from "react";
import { StatusIcon } from "@/components/executions/status";
import { useCan } from "@/components/shell/session";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { RelativeTime } from "@/components/ui/relative-time";
import { Switch } from "@/components/ui/switch";
import { TableCell, TableRow } from "@/components/ui/table";
import { Tooltip } from "@/components/ui/tooltip";
import type { FlowSummary } from "./flow-cache";
import { RenameDialog } from "./rename-dialog";
import { useFlowActions } from "./use-flow-actions";

export const FlowRow = memo(function FlowRow({ flow }: { flow: FlowSummary }) {
  const actions = useFlowActions(flow);
  return (
    <TableRow className="relative">
      <TableCell className="h-12 py-1 max-sm:py-2">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            href={`/flows/${flow.id}`}
            data-row
            title={[flow.name, flow.description].filter(Boolean).join("\n")}
            className="min-w-0 truncate font-medium text-foreground outline-none after:absolute after:inset-0 focus-visible:after:rounded-lg focus-visible:after:ring-2 focus-visible:after:ring-ring focus-visible:after:ring-inset"
          >
            {flow.name}
          </Link>
          {flow.publishedVersion === null ? <Badge>Draft</Badge> : <Badge className="max-sm:hidden">v{flow.publishedVersion}</Badge>}
        </div>
        {flow.description ? <p className="truncate text-muted-foreground text-xs max-sm:hidden">{flow.description}</p> : null}
        <TriggerFailure flow={flow} />
        <div className="mt-0.5 sm:hidden">
          <LastRun flow={flow} />
        </div>
      </TableCell>
      <TableCell className="max-sm:hidden">
        <LastRun flow={flow} />
      </TableCell>
      <TableCell className="text-muted-foreground text-xs max-md:hidden">
        <RelativeTime at={flow.updatedAt} />
      </TableCell>
      <TableCell>
        <ActiveSwitch flow={flow} onChange={(active) => actions.setActive.mutate({ id: flow.id, active })} />
      </TableCell>
      <TableCell className="pl-0 text-right">
        <FlowMenu flow={flow} actions={actions} />
      </TableCell>
    </TableRow>
  );
});

/** Its flow looks healthy otherwise: nothing runs, so nothing fails. */
function TriggerFailure({ flow: { id, active, triggerFailure } }: { flow: FlowSummary }) {
  if (!active || !triggerFailure) return null;
  const { nodeId, error, failingSince } = triggerFailure;
  const reason = (
    <span className="min-w-0 break-words">
      {error}
      {failingSince ? (
        <span className="block text-muted-foreground">
          First failed <RelativeTime at={failingSince} />
        </span>
      ) : null}
    </span>
  );
  return (
    <Tooltip content={reason}>
      <Link
        href={`/flows/${id}?node=${encodeURIComponent(nodeId)}`}
        className="relative z-10 mt-0.5 flex w-fit max-w-full rounded-md outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
      >
        <Badge tone="warning" className="min-w-0 max-w-full">
          <TriangleAlert aria-hidden="true" />
          <span className="truncate">Trigger fails: {error}</span>
        </Badge>
      </Link>
    </Tooltip>
  );
}

function LastRun({ flow }: { flow: FlowSummary }) {
  if (!flow.lastExecution) return <span className="text-placeholder text-xs">Never run</span>;
  const { id, status, createdAt } = flow.lastExecution;
  return (
    <Link
      href={`/executions/${id}`}
      className="relative z-10 flex w-fit max-w-full items-center gap-1.5 rounded-sm text-muted-foreground text-xs outline-none hover:text-foreground hover:underline focus-visible:ring-2 focus-visible:ring-ring"
    >
      <StatusIcon status={status} />
      <RelativeTime at={createdAt} />
    </Link>
  );
}

function ActiveSwitch({ flow, onChange }: { flow: FlowSummary; onChange: (active: boolean) => void }) {
  const canEdit = useCan("editor");
  const reason = !canEdit
    ? "Your role may look, not change."
    : flow.publishedVersion === null
      ? "Publish the flow in the editor before its triggers can fire."
      : null;
  const control = (
    <Switch
      checked={flow.active}
      onCheckedChange={reason ? undefined : onChange}
      aria-disabled={reason ? true : undefined}
      aria-label={`${flow.name} active`}
      className="relative z-10 aria-disabled:cursor-not-allowed aria-disabled:opacity-50"
    />
  );
  return <Tooltip content={reason ?? (flow.active ? "Active: its triggers fire" : "Inactive: its triggers are off")}>{control}</Tooltip>;
}

function FlowMenu({ flow, actions }: { flow: FlowSummary; actions: ReturnType<typeof useFlowActions> }) {
  const canEdit = useCan("editor");
  const [renaming, setRenaming] = useState(false);
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" aria-label={`Actions of ${flow.name}`} className="relative z-10">
            <Ellipsis aria-hidden="true" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem asChild>
            <Link href={`/executions?flow=${flow.id}`}>
              <History aria-hidden="true" />
              Executions
            </Link>
          </DropdownMenuItem>
          {canEdit ? (
            <>
              <DropdownMenuItem onSelect={() => setRenaming(true)}>
                <Pencil aria-hidden="true" />
                Rename…
              </DropdownMenuItem>
              <DropdownMenuItem onSelect={() => actions.duplicate.mutate({ id: flow.id })}>
                <Copy aria-hidden="true" />
                Duplicate
              </DropdownMenuItem>
              <DropdownMenuSeparator />
              <DropdownMenuItem destructive onSelect={() => actions.remove.mutate({ id: flow.id })}>
                <Trash2 aria-hidden="true" />
                Delete
              </DropdownMenuItem>
            </>
          ) : null}
        </DropdownMenuContent>
      </DropdownMenu>
      <RenameDialog flow={flow} open={renaming} onOpenChange={setRenaming} />
    </>
  );
}
