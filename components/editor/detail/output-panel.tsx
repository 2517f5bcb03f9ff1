"use client";
import { Clock3, ExternalLink, Pencil, Pin, Play, RotateCcw } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useCan } from "@/components/shell/session";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorNotice } from "@/components/ui/error-notice";
import { Skeleton } from "@/components/ui/skeleton";
import { Tooltip } from "@/components/ui/tooltip";
import type { GraphNode } from "@/flow/graph/schema";
import { ApprovalPanel } from "../execution/approval-panel";
import { formatTime, STATUS_LABELS } from "../format";
import { useRun } from "../live/run-context";
import { PinEditor } from "../pins/pin-editor";
import { canPin } from "../pins/pinned-items";
import { PinnedOutput } from "../pins/pinned-output";
import { usePinning } from "../pins/use-pinning";
import { portsOf } from "../state/canvas-elements";
import { useEditorEnvironment } from "../state/editor-context";
import { useRunActions } from "../top-bar/run-actions";
import { Empty } from "./input-panel";
import { ItemsView } from "./items-view";
import { LogLines } from "./log-lines";
import { StepErrorNotice } from "./step-error";
import type { NodeData } from "./use-node-data";
import type { StepDetail } from "./use-step";
import { useViewMode, ViewModeSwitch } from "./view-mode";

/** What came out: items by output, the error, what is waited for, what was logged. */
export function OutputPanel({ node, data }: { node: GraphNode; data: NodeData }) {
  const [mode, setMode] = useViewMode("output");
  const { visit, step, stepError, loading, setOffset } = data;
  const { definitionOf, readOnly } = useEditorEnvironment();
  const actions = useRunActions();
  const { pinFromRun } = usePinning();
  const [editing, setEditing] = useState(false);
  const pinnable = !readOnly && canPin(node, definitionOf);
  return (
    <section aria-label="Output" className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-11 shrink-0 items-center justify-between gap-2 px-4">
        <h3 className="font-medium text-sm">Output</h3>
        <span className="flex items-center gap-1">
          {pinnable && !node.pinned && step?.status === "succeeded" ? (
            <Tooltip content="Pin: runs from the editor take this data instead of running the node">
              <Button variant="ghost" size="icon-sm" aria-label="Pin the output" onClick={() => pinFromRun(node.id, step.key)}>
                <Pin aria-hidden="true" />
              </Button>
            </Tooltip>
          ) : null}
          {pinnable && !editing && !node.pinned ? (
            <Tooltip content="Write the output as JSON, and pin it">
              <Button variant="ghost" size="icon-sm" aria-label="Edit the output" onClick={() => setEditing(true)}>
                <Pencil aria-hidden="true" />
              </Button>
            </Tooltip>
          ) : null}
          <ViewModeSwitch mode={mode} onMode={setMode} label="View of the output" />
        </span>
      </div>
      <div className="grid min-h-0 flex-1 grid-cols-1 content-start gap-4 overflow-y-auto px-4 pb-6">
        {editing ? (
          <PinEditor
            node={node}
            initial={
              step?.outputs[0]?.items.length
                ? JSON.stringify(
                    step.outputs[0].items.map(({ json }) => json),
                    null,
                    2,
                  )
                : null
            }
            onClose={() => setEditing(false)}
          />
        ) : node.pinned ? (
          <PinnedOutput node={node} pinned={node.pinned} mode={mode} readOnly={readOnly} onEdit={() => setEditing(true)} />
        ) : (
          <Given step={step} />
        )}
        {!visit && !editing && !node.pinned ? (
          <Empty icon={<Play />} title="Not run yet">
            {actions ? (
              <>
                <p>Test the step to see what it gives.</p>
                <Button className="mt-3" size="sm" pending={actions.pending} onClick={() => actions.testStep(node.id)}>
                  <Play aria-hidden="true" />
                  Test step
                </Button>
              </>
            ) : (
              "It did not run in this execution."
            )}
          </Empty>
        ) : null}
        {visit && loading ? <Skeleton className="h-32" /> : null}
        {visit && !step && stepError ? <ErrorNotice title="The data could not be loaded" message={errorMessage(stepError)} /> : null}
        {visit && !step && !loading && !stepError ? (
          <p className="py-6 text-center text-muted-foreground text-sm">{`${STATUS_LABELS[visit.status]} …`}</p>
        ) : null}
        {step && visit ? (
          <>
            <Waiting step={step} />
            {step.error ? <StepErrorNotice error={step.error} nodeName={node.name} attempt={step.attempt} /> : null}
            <Attempts step={step} />
            {editing || node.pinned ? null : <Outputs node={node} step={step} mode={mode} onOffset={setOffset} />}
            {step.logs.length > 0 ? <LogLines lines={step.logs} /> : null}
          </>
        ) : null}
      </div>
    </section>
  );
}

/** Where data comes from that the node did not make in this run. */
function Given({ step }: { step: StepDetail | undefined }) {
  if (!step?.given) return null;
  return (
    <p className="flex items-center gap-2 text-muted-foreground text-xs">
      {step.given === "pinned" ? <Pin aria-hidden="true" className="size-3.5" /> : <RotateCcw aria-hidden="true" className="size-3.5" />}
      {step.given === "pinned" ? "Pinned data stood in for the node." : "Taken from an earlier run: the node did not run again."}
    </p>
  );
}

function waitOf(suspend: NonNullable<StepDetail["suspend"]>): string {
  if (suspend.kind === "sleep") return "Sleeps";
  if (suspend.kind === "flows") return "Waits for the flows that it started";
  if (suspend.event === "named") return `Waits for the event ${suspend.name}`;
  if (suspend.form === "form") return "Waits for its form to be filled in";
  return suspend.form === "approval" ? "Waits for a decision" : "Waits for a call of its resume URL";
}

function Waiting({ step }: { step: StepDetail }) {
  const { executionId } = useRun();
  const mayDecide = useCan("editor");
  if (step.status !== "waiting" || !step.suspend) return null;
  if (step.suspend.kind === "event" && step.suspend.form === "approval" && executionId && mayDecide) {
    return <ApprovalPanel executionId={executionId} stepKey={step.key} nodeName={step.nodeName} message={step.suspend.message} />;
  }
  const until = step.suspend.kind === "flows" ? undefined : step.suspend.until;
  const what = waitOf(step.suspend);
  return (
    <p className="flex items-center gap-2 rounded-lg border border-warning/40 bg-warning-soft p-3 text-sm">
      <Clock3 aria-hidden="true" className="size-4 shrink-0 text-warning-text" />
      <span className="min-w-0 flex-1">{until ? `${what} until ${formatTime(until)}.` : `${what}.`}</span>
      {step.formUrl ? <FormLink url={step.formUrl} /> : null}
    </p>
  );
}

function FormLink({ url }: { url: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="flex shrink-0 items-center gap-1 rounded-sm font-medium text-primary-text underline-offset-2 outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
    >
      Open the form
      <ExternalLink aria-hidden="true" className="size-3.5" />
    </a>
  );
}

function Attempts({ step }: { step: StepDetail }) {
  if (step.attempts.length < 2) return null;
  return (
    <section aria-label="Attempts" className="grid gap-1 text-xs">
      <h4 className="font-medium text-muted-foreground">Attempts</h4>
      <ol className="grid gap-1">
        {step.attempts.map((attempt) => (
          <li key={attempt.attempt} className="flex gap-2">
            <span className="shrink-0 tabular-nums">{`${attempt.attempt}.`}</span>
            <span className="shrink-0">{STATUS_LABELS[attempt.status]}</span>
            <span className="min-w-0 truncate text-muted-foreground">{attempt.error?.message}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Outputs({
  node,
  step,
  mode,
  onOffset,
}: {
  node: GraphNode;
  step: StepDetail;
  mode: Parameters<typeof ItemsView>[0]["mode"];
  onOffset: (offset: number) => void;
}) {
  const { definitionOf } = useEditorEnvironment();
  const labels = new Map(portsOf(node, definitionOf).outputs.map((port) => [port.name, port.label]));
  const [chosen, setChosen] = useState<number | null>(null);
  const firstFilled = step.outputs.findIndex((output) => output.total > 0);
  const index = chosen ?? Math.max(0, firstFilled);
  const output = step.outputs[index];
  if (!output)
    return step.error || step.status !== "succeeded" ? null : <p className="text-muted-foreground text-sm">This node gives no output.</p>;
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      {step.outputs.length > 1 ? (
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Outputs</legend>
          {step.outputs.map((each, position) => (
            <button
              key={each.handle}
              type="button"
              aria-pressed={position === index}
              onClick={() => setChosen(position)}
              className={cn(
                "flex h-7 cursor-pointer items-center gap-1.5 rounded-md px-2 text-muted-foreground text-sm outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring",
                position === index && "bg-subtle font-medium text-foreground",
              )}
            >
              {labels.get(each.handle) || each.handle}
              <Badge>{each.total}</Badge>
            </button>
          ))}
        </fieldset>
      ) : null}
      <ItemsView items={output.items} total={output.total} offset={output.offset} mode={mode} onOffset={onOffset} accessor="$json" />
    </div>
  );
}
