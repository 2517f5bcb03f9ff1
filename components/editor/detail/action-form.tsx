"use client";
import { useQuery } from "@tanstack/react-query";
import { RefreshCw, TriangleAlert } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { errorMessage, isNotFound } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { Skeleton } from "@/components/ui/skeleton";
import { uniqueName } from "@/flow/graph/names";
import type { GraphNode } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { actionFields } from "../inspector/action-fields";
import { useForm } from "../inspector/form-context";
import { ParameterFields } from "../inspector/parameter-field";
import { ACTION_TRIGGER_TYPE, ACTION_TYPE, type OfferedAction, useFoundActions } from "../palette/use-found-actions";
import { useEditorEnvironment } from "../state/editor-context";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** For a node that calls an action, or watches what one lists: which one, `children`, and the form that its inputs make. For other kinds of nodes `children` alone. */
export function ActionForm({ node, children }: { node: GraphNode; children: ReactNode }) {
  if (node.type !== ACTION_TYPE && node.type !== ACTION_TRIGGER_TYPE) return children;
  return (
    <Form node={node} key={node.id}>
      {children}
    </Form>
  );
}

function Form({ node, children }: { node: GraphNode; children: ReactNode }) {
  const trpc = useTRPC();
  const { readOnly } = useForm();
  const [choosing, setChoosing] = useState(false);
  const tool = textOf(node.parameters.tool);
  const action = textOf(node.parameters.action);
  const isChosen = tool !== "" && action !== "";
  const described = useQuery(trpc.actions.describe.queryOptions({ tool, action }, { enabled: isChosen, staleTime: 10_000 }));
  const choose = useChoice(node);
  const fields = useMemo(() => actionFields(described.data?.inputSchema ?? []), [described.data]);
  const inputs = node.parameters.inputs;

  if (!isChosen || choosing) {
    return readOnly ? (
      <p className="text-muted-foreground text-sm">No action is chosen.</p>
    ) : (
      <ActionPicker
        type={node.type === ACTION_TRIGGER_TYPE ? ACTION_TRIGGER_TYPE : ACTION_TYPE}
        onCancel={isChosen ? () => setChoosing(false) : null}
        onChoose={(offered) => {
          choose(offered);
          setChoosing(false);
        }}
      />
    );
  }
  return (
    <>
      <div className="flex items-start gap-3 rounded-lg border border-border bg-subtle/50 p-3">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium text-sm" title={described.data?.name ?? action}>
            {described.data?.name ?? action}
          </p>
          <p className="truncate text-muted-foreground text-xs">{described.data?.tool.name ?? tool}</p>
          {described.data ? (
            <p className="mt-1 truncate font-mono text-muted-foreground text-xs" title={described.data.endpoint}>
              {described.data.method} {described.data.endpoint}
            </p>
          ) : null}
        </div>
        {readOnly ? null : (
          <Button size="sm" onClick={() => setChoosing(true)}>
            <RefreshCw aria-hidden="true" />
            Change
          </Button>
        )}
      </div>
      {children}
      {described.isPending ? (
        <div className="grid gap-3" aria-busy="true">
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-8 w-full" />
        </div>
      ) : described.isError ? (
        <p role="alert" className="flex gap-2 rounded-lg border border-warning/40 bg-warning-soft p-3 text-sm">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          {isNotFound(described.error)
            ? `There is no action "${action}" of a tool "${tool}" here (any more). Choose another one; the inputs are kept.`
            : errorMessage(described.error)}
        </p>
      ) : (
        <ParameterFields fields={fields} values={isObject(inputs) ? inputs : {}} path={["inputs"]} />
      )}
    </>
  );
}

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Puts an action into a node in one step that can be undone; the node takes its name, unless it was given one. */
function useChoice(node: GraphNode): (offered: OfferedAction) => void {
  const { store, definitionOf } = useEditorEnvironment();
  return ({ placeable }) => {
    const { apply, graph } = store.getState();
    const parameters = { ...node.parameters, ...placeable.preset };
    apply({ type: "updateParameters", nodeId: node.id, parameters });
    const plain = definitionOf(node.type)?.name ?? "";
    if (node.name === plain)
      apply({
        type: "renameNode",
        nodeId: node.id,
        name: uniqueName(
          graph.nodes.map(({ name }) => name),
          node.type === ACTION_TRIGGER_TYPE ? `Watch: ${placeable.name}` : placeable.name,
        ),
      });
  };
}

function ActionPicker({
  type,
  onChoose,
  onCancel,
}: {
  type: typeof ACTION_TYPE | typeof ACTION_TRIGGER_TYPE;
  onChoose: (offered: OfferedAction) => void;
  onCancel: (() => void) | null;
}) {
  const [query, setQuery] = useState("");
  const { actions, pending } = useFoundActions(query, { always: true, type });
  return (
    <section aria-label="Choose an action" className="overflow-hidden rounded-lg border border-border">
      <Command shouldFilter={false} label="Actions">
        <CommandInput placeholder="Search the actions of your tools" aria-label="Search actions" value={query} onValueChange={setQuery} />
        <CommandList className="max-h-80">
          <CommandEmpty>{pending ? "Searching…" : query ? "No action is called that." : "Register a tool under Tools first."}</CommandEmpty>
          {actions.map((offered) => (
            <CommandItem key={offered.id} value={offered.id} onSelect={() => onChoose(offered)}>
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{offered.placeable.name}</span>
                <span className="block truncate text-muted-foreground text-xs">
                  {offered.toolName} · <span className="font-mono">{`${offered.method} ${offered.endpoint}`}</span>
                </span>
              </span>
            </CommandItem>
          ))}
        </CommandList>
      </Command>
      {onCancel ? (
        <div className="flex justify-end border-border border-t p-2">
          <Button size="sm" variant="ghost" onClick={onCancel}>
            Keep the present one
          </Button>
        </div>
      ) : null}
    </section>
  );
}
