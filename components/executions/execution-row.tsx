"use client";
import { Ban, Copy, Ellipsis, ListFilter, RotateCcw, StepForward, Workflow } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { memo, useState } from "react";
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
import { TableCell, TableRow } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { isTerminal } from "@/flow/execution/status";
import { Duration } from "./duration";
import type { ExecutionSummary } from "./executions-page";
import { Mode } from "./mode";
import { ResumeDialog } from "./resume-dialog";
import { StatusIcon, StatusText } from "./status";
import { useExecutionActions } from "./use-execution-actions";

export const ExecutionRow = memo(function ExecutionRow({ execution }: { execution: ExecutionSummary }) {
  const { id, flowName, flowVersion, status, mode, error, queuedAt, startedAt, finishedAt } = execution;
  const failure = error && `${error.nodeName ? `${error.nodeName}: ` : ""}${error.message}`;
  return (
    <TableRow className="relative">
      <TableCell className="max-sm:hidden">
        <StatusText status={status} />
      </TableCell>
      <TableCell className="max-sm:py-2">
        <div className="flex min-w-0 items-center gap-2">
          <StatusIcon status={status} className="sm:hidden" />
          <Link
            href={`/executions/${id}`}
            data-row
            // Here, since the link lies over the whole row: what is below it gets no pointer.
            title={[flowName, failure].filter(Boolean).join("\n")}
            className="min-w-0 truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:rounded-lg focus-visible:after:ring-2 focus-visible:after:ring-ring focus-visible:after:ring-inset"
          >
            {flowName}
          </Link>
          <Badge className="max-lg:hidden">{flowVersion === null ? "Draft" : `v${flowVersion}`}</Badge>
        </div>
        {failure ? <p className="truncate text-destructive-text text-xs">{failure}</p> : null}
        <p className="mt-0.5 flex gap-2 text-muted-foreground text-xs sm:hidden">
          <RelativeTime at={queuedAt} />
          <Duration from={startedAt} to={finishedAt} live={!isTerminal(status)} />
        </p>
      </TableCell>
      <TableCell className="max-md:hidden">
        <Mode mode={mode} />
      </TableCell>
      <TableCell className="text-muted-foreground text-xs max-sm:hidden">
        {/* Above the row's link, so that the exact time shows on hover. */}
        <span className="relative z-10">
          <RelativeTime at={queuedAt} />
        </span>
      </TableCell>
      <TableCell className="text-right text-muted-foreground text-xs tabular-nums max-sm:hidden">
        <Duration from={startedAt} to={finishedAt} live={!isTerminal(status)} />
      </TableCell>
      <TableCell className="pl-0 text-right">
        <ExecutionMenu execution={execution} />
      </TableCell>
    </TableRow>
  );
});

function ExecutionMenu({ execution }: { execution: ExecutionSummary }) {
  const { id, flowId, flowName, status, error } = execution;
  const canEdit = useCan("editor");
  const { retry, cancel } = useExecutionActions();
  const router = useRouter();
  const [resuming, setResuming] = useState(false);
  const copyId = () =>
    navigator.clipboard.writeText(id).then(
      () => toast.success("Copied the execution's id"),
      () => toast.error("The browser refused to copy", { description: id }),
    );
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" aria-label={`Actions of this execution of ${flowName}`} className="relative z-10">
            <Ellipsis aria-hidden="true" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem asChild>
            <Link href={`/flows/${flowId}`}>
              <Workflow aria-hidden="true" />
              Open flow
            </Link>
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={copyId}>
            <Copy aria-hidden="true" />
            Copy id
          </DropdownMenuItem>
          {error && (status === "failed" || status === "timed_out") ? (
            <DropdownMenuItem asChild>
              <Link href={`/executions?error=${id}`}>
                <ListFilter aria-hidden="true" />
                Show same error
              </Link>
            </DropdownMenuItem>
          ) : null}
          {canEdit ? <DropdownMenuSeparator /> : null}
          {canEdit && isTerminal(status) ? (
            <DropdownMenuItem onSelect={() => retry.mutate({ id })}>
              <RotateCcw aria-hidden="true" />
              Retry
            </DropdownMenuItem>
          ) : null}
          {canEdit && isTerminal(status) ? (
            <DropdownMenuItem onSelect={() => setResuming(true)}>
              <StepForward aria-hidden="true" />
              Resume…
            </DropdownMenuItem>
          ) : null}
          {canEdit && !isTerminal(status) ? (
            <DropdownMenuItem destructive onSelect={() => cancel.mutate({ id })}>
              <Ban aria-hidden="true" />
              Cancel
            </DropdownMenuItem>
          ) : null}
        </DropdownMenuContent>
      </DropdownMenu>
      {resuming ? (
        <ResumeDialog executionId={id} open onOpenChange={setResuming} onResumed={(resumed) => router.push(`/executions/${resumed}`)} />
      ) : null}
    </>
  );
}
