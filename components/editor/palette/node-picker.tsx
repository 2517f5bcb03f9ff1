"use client";
import { useState } from "react";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { Dialog, DialogContent, DialogDescription, DialogTitle } from "@/components/ui/dialog";
import { withoutBackticks } from "@/components/ui/inline-code";
import { type AnyNodeDefinition, inputHandles, outputHandles } from "@/flow/node/define-node";
import { NodeIcon } from "../node-icon";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { selectedNodeIds } from "../state/editor-store";
import type { PickerTarget } from "../state/interface-slice";
import { CATEGORY_TITLES, groupNodes, searchNodes } from "./node-search";
import { useFoundActions } from "./use-found-actions";

/** Only what can be put there: a node that follows another needs an input. */
function fits(definition: AnyNodeDefinition, target: PickerTarget): boolean {
  const hasInput = inputHandles(definition, {}).length > 0;
  const hasOutput = outputHandles(definition, { parameters: {} }).length > 0;
  if (target.kind === "edge") return hasInput;
  if (target.kind === "attach") return target.attachment.side === "after" ? hasInput : hasOutput;
  return true;
}

/** Asks which node to add, by typing. */
export function NodePicker({
  definitions,
  onPick,
}: {
  definitions: readonly AnyNodeDefinition[];
  onPick: (definition: AnyNodeDefinition, target: PickerTarget) => void;
}) {
  const { store, definitionOf } = useEditorEnvironment();
  const target = useEditor((state) => state.picker);
  const openPicker = useEditor((state) => state.openPicker);
  const [query, setQuery] = useState("");
  const close = () => {
    openPicker(null);
    setQuery("");
  };
  const hasTrigger = useEditor((state) => state.graph.nodes.some(({ type }) => definitionOf(type)?.category === "trigger"));
  const fitting = target ? definitions.filter((definition) => fits(definition, target)) : [];
  const found = searchNodes(fitting, query, hasTrigger);
  const { actions, pending } = useFoundActions(target ? query : "");
  const groups = query.trim() === "" ? groupNodes(found, hasTrigger) : [{ category: null, definitions: found }];
  return (
    <Dialog open={target !== null} onOpenChange={(open) => open || close()}>
      <DialogContent
        hideClose
        className="max-w-lg gap-0 p-0"
        onCloseAutoFocus={(event) => {
          // On to the node that was added, or back to the one that was selected.
          const [id] = selectedNodeIds(store.getState());
          const card = id === undefined ? null : document.querySelector<HTMLElement>(`[data-node-id="${CSS.escape(id)}"]`);
          const next = card ?? document.querySelector<HTMLElement>("[data-canvas]");
          if (!next) return;
          event.preventDefault();
          next.focus({ preventScroll: true });
        }}
      >
        <DialogTitle className="sr-only">Add a node</DialogTitle>
        <DialogDescription className="sr-only">Type to search, choose with the arrow keys, press Enter.</DialogDescription>
        <Command shouldFilter={false} label="Nodes">
          <CommandInput placeholder="What happens next?" aria-label="Search nodes" value={query} onValueChange={setQuery} />
          <CommandList className="max-h-[min(26rem,62vh)]">
            <CommandEmpty>{pending ? "Searching…" : "No node is called that."}</CommandEmpty>
            {groups.map((group) => (
              <CommandGroup key={group.category ?? "found"} heading={group.category ? CATEGORY_TITLES[group.category] : undefined}>
                {group.definitions.map((definition) => (
                  <CommandItem
                    key={definition.type}
                    value={definition.type}
                    onSelect={() => {
                      if (!target) return;
                      close();
                      onPick(definition, target);
                    }}
                  >
                    <NodeIcon definition={definition} className="size-8 rounded-md" />
                    <span className="min-w-0">
                      <span className="block font-medium">{definition.name}</span>
                      <span className="block truncate text-muted-foreground text-xs">{withoutBackticks(definition.description)}</span>
                    </span>
                  </CommandItem>
                ))}
              </CommandGroup>
            ))}
            {actions.length > 0 ? (
              <CommandGroup heading="Actions of tools">
                {actions.map(({ id, toolName, method, endpoint, placeable }) => (
                  <CommandItem
                    key={id}
                    value={`action:${id}`}
                    onSelect={() => {
                      if (!target) return;
                      close();
                      onPick(placeable, target);
                    }}
                  >
                    <NodeIcon definition={placeable} className="size-8 rounded-md" />
                    <span className="min-w-0">
                      <span className="block truncate font-medium">{placeable.name}</span>
                      <span className="flex min-w-0 gap-1 text-muted-foreground text-xs">
                        <span className="max-w-1/2 shrink-0 truncate">{toolName}</span>·
                        <span className="min-w-0 truncate font-mono">{`${method} ${endpoint}`}</span>
                      </span>
                    </span>
                  </CommandItem>
                ))}
              </CommandGroup>
            ) : null}
          </CommandList>
        </Command>
      </DialogContent>
    </Dialog>
  );
}
