"use client";
import { ChevronRight, Inbox } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/skeleton";
import type { GraphNode } from "@/flow/graph/schema";
import { indexGraph } from "@/flow/graph/traverse";
import { formatCount } from "../format";
import { accessor } from "../inspector/paths";
import { useFeed, visitsOf } from "../live/run-context";
import { NodeIcon } from "../node-icon";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { ItemsView } from "./items-view";
import { startExpressionDrag } from "./schema-view";
import type { InputData, NodeData } from "./use-node-data";
import { useViewMode, ViewModeSwitch } from "./view-mode";

/** What comes in, and what else expressions can read. */
export function InputPanel({
  node,
  data,
  itemIndex,
  onItem,
  onExpand,
}: {
  node: GraphNode;
  data: NodeData;
  itemIndex: number;
  onItem: (index: number) => void;
  onExpand: (change: (keys: readonly string[]) => readonly string[]) => void;
}) {
  const [mode, setMode] = useViewMode("input");
  const { inputs, loading, setOffset, visit } = data;
  const connected = inputs.some((input) => input.from);
  return (
    <section aria-label="Input" className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-11 shrink-0 items-center justify-between gap-2 px-4">
        <h3 className="font-medium text-sm">Input</h3>
        <ViewModeSwitch mode={mode} onMode={setMode} label="View of the input" />
      </div>
      <div className="grid min-h-0 flex-1 grid-cols-1 content-start gap-4 overflow-y-auto px-4 pb-6">
        {loading ? <Skeleton className="h-24" /> : null}
        {!loading && !connected ? (
          <Empty icon={<Inbox />} title="Nothing comes in">
            Connect a node before this one.
          </Empty>
        ) : null}
        {loading
          ? null
          : inputs.map((input, index) =>
              input.from || inputs.length > 1 ? (
                <Input
                  key={input.handle}
                  input={input}
                  mode={mode}
                  isRun={visit !== undefined}
                  {...(index === 0 && { current: itemIndex, onCurrent: onItem, accessor: "$json" })}
                  onOffset={(offset) => {
                    setOffset(offset);
                    onItem(offset);
                  }}
                />
              ) : null,
            )}
        <OtherNodes node={node} data={data} onExpand={onExpand} />
        <Variables />
      </div>
    </section>
  );
}

function Input({
  input,
  mode,
  isRun,
  accessor,
  current,
  onCurrent,
  onOffset,
}: {
  input: InputData;
  mode: Parameters<typeof ItemsView>[0]["mode"];
  isRun: boolean;
  accessor?: string;
  current?: number;
  onCurrent?: (index: number) => void;
  onOffset: (offset: number) => void;
}) {
  return (
    <section aria-label={input.from ? `From ${input.from.name}` : `Input ${input.label}`} className="grid min-w-0 grid-cols-1 gap-1">
      <h4 className="flex items-center gap-2 font-medium text-sm">
        {input.label ? <span className="text-muted-foreground">{input.label}</span> : null}
        <span className="truncate">{input.from?.name ?? "Not connected"}</span>
      </h4>
      {input.isSample ? <p className="text-muted-foreground text-xs">Example data: the node has not run yet.</p> : null}
      {input.from && input.total === 0 && !isRun ? (
        <p className="py-2 text-muted-foreground text-sm">Run the flow to see the data here.</p>
      ) : input.from ? (
        <ItemsView
          items={input.items}
          total={input.total}
          offset={input.offset}
          mode={mode}
          {...(accessor && { accessor })}
          {...(current !== undefined && { current })}
          {...(onCurrent && { onCurrent })}
          {...(isRun && { onOffset })}
        />
      ) : null}
    </section>
  );
}

const FIRST_NODES = 30;

/** Earlier nodes: their data by name. */
function OtherNodes({
  node,
  data,
  onExpand,
}: {
  node: GraphNode;
  data: NodeData;
  onExpand: (change: (keys: readonly string[]) => readonly string[]) => void;
}) {
  const { definitionOf } = useEditorEnvironment();
  const graph = useEditor((state) => state.graph);
  const view = useFeed((state) => state.view);
  const [shown, setShown] = useState(FIRST_NODES);
  const before = useMemo(() => {
    const index = indexGraph(graph);
    return graph.nodes.filter((each) => each.id !== node.id && index.reaches(each.id, node.id));
  }, [graph, node.id]);
  const direct = new Set(data.inputs.map((input) => input.from?.nodeId));
  const others = before.filter((each) => !direct.has(each.id));
  if (others.length === 0) return null;
  return (
    <section aria-label="Earlier nodes" className="grid gap-1">
      <h4 className="font-medium text-muted-foreground text-xs">Earlier nodes</h4>
      {others.slice(0, shown).map((each) => {
        const visit = visitsOf({ view, connection: "live", error: null }, each.id).at(-1);
        const count = visit?.counts?.reduce((sum, next) => sum + next, 0);
        return (
          <Disclosure
            key={each.id}
            title={each.name}
            icon={<NodeIcon definition={definitionOf(each.type)} className="size-5 rounded" />}
            aside={count === undefined ? "not run" : formatCount(count, "item")}
            onOpen={() => {
              if (visit) onExpand((keys) => (keys.includes(visit.key) ? keys : [...keys, visit.key]));
            }}
          >
            <EarlierData name={each.name} visitKey={visit?.key} data={data} />
          </Disclosure>
        );
      })}
      {others.length > shown ? (
        <Button size="sm" className="justify-self-start" onClick={() => setShown(others.length)}>{`Show all ${others.length}`}</Button>
      ) : null}
    </section>
  );
}

function EarlierData({ name, visitKey, data }: { name: string; visitKey: string | undefined; data: NodeData }) {
  if (!visitKey) return <p className="py-1 text-muted-foreground text-xs">Run the flow to see its data.</p>;
  const step = data.steps.get(visitKey);
  if (!step) return <Skeleton className="h-12" />;
  const output = step.outputs.find((each) => each.total > 0) ?? step.outputs[0];
  if (!output) return <p className="py-1 text-muted-foreground text-xs">No output.</p>;
  const quoted = `'${name.replace(/[\\']/g, "\\$&")}'`;
  return (
    <ItemsView
      items={output.items.slice(0, 20)}
      total={Math.min(output.total, 20)}
      offset={0}
      mode="schema"
      accessor={`$(${quoted}).item.json`}
    />
  );
}

const CONTEXT: { source: string; name: string; meaning: string }[] = [
  { source: "$now", name: "now", meaning: "current date and time" },
  { source: "$today", name: "today", meaning: "midnight today" },
  { source: "$execution.id", name: "executionId", meaning: "this execution" },
  { source: "$workflow.name", name: "workflow", meaning: "this flow" },
  { source: "$itemIndex", name: "itemIndex", meaning: "index of the item" },
];

function Variables() {
  const variables = useEditor((state) => state.graph.variables);
  const entries = [
    ...Object.keys(variables).map((name) => ({ source: accessor("variables", [name]), name, meaning: "flow variable" })),
    ...CONTEXT,
  ];
  return (
    <Disclosure title="Variables and context">
      <ul className="grid gap-1">
        {entries.map(({ source, name, meaning }) => (
          <li key={source} className="flex items-center gap-2 text-xs">
            {/* biome-ignore lint/a11y/noStaticElementInteractions: what is dragged can be typed, with suggestions */}
            <span
              draggable
              onDragStart={(event) => startExpressionDrag(event, source, name)}
              className="cursor-grab rounded border border-border bg-raised px-1.5 py-0.5 font-mono"
            >
              {source}
            </span>
            <span className="text-muted-foreground">{meaning}</span>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

function Disclosure({
  title,
  icon,
  aside,
  onOpen,
  children,
}: {
  title: string;
  icon?: ReactNode;
  aside?: string;
  onOpen?: () => void;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <div className="grid min-w-0 grid-cols-1 gap-1">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
          if (!open) onOpen?.();
        }}
        className="flex h-7 cursor-pointer items-center gap-2 rounded-md text-left text-sm outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring"
      >
        <ChevronRight
          aria-hidden="true"
          className={cn("size-3.5 shrink-0 text-muted-foreground transition-transform duration-100", open && "rotate-90")}
        />
        {icon}
        <span className="min-w-0 truncate">{title}</span>
        <span className="ml-auto shrink-0 text-muted-foreground text-xs">{aside}</span>
      </button>
      {open ? <div className="min-w-0 pl-5">{children}</div> : null}
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-1 px-4 py-12 text-center">
      <span aria-hidden="true" className="mb-2 text-placeholder [&>svg]:size-6">
        {icon}
      </span>
      <p className="font-medium text-sm">{title}</p>
      <div className="text-balance text-muted-foreground text-sm">{children}</div>
    </div>
  );
}
