"use client";
import { PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { withoutBackticks } from "@/components/ui/inline-code";
import { Input } from "@/components/ui/input";
import { Tooltip } from "@/components/ui/tooltip";
import type { AnyNodeDefinition } from "@/flow/node/define-node";
import { NodeIcon } from "../node-icon";
import { CATEGORY_TITLES, groupNodes, searchNodes } from "./node-search";
import { useFoundActions } from "./use-found-actions";

/** Drag data of a kind of node on its way to the canvas; the value is its type. */
export const NODE_DRAG_TYPE = "application/x-tolstoy-node";
/** With it, for an action of a tool: the name and parameters that the node begins with, as JSON. */
export const PRESET_DRAG_TYPE = "application/x-tolstoy-preset";
const COLLAPSED_KEY = "tolstoy:palette-collapsed";

/** All kinds of nodes at hand: drag one onto the canvas, or press it to add it after the selected node. */
export function NodePalette({
  definitions,
  onAdd,
}: {
  definitions: readonly AnyNodeDefinition[];
  onAdd: (definition: AnyNodeDefinition) => void;
}) {
  const [query, setQuery] = useState("");
  const [collapsed, setCollapsed] = useState(() => typeof window !== "undefined" && localStorage.getItem(COLLAPSED_KEY) === "1");
  const headingId = useId();
  const found = searchNodes(definitions, query);
  const { actions, pending } = useFoundActions(query);
  const groups = query.trim() === "" ? groupNodes(found) : [{ category: null, definitions: found }];
  const toggle = () => {
    localStorage.setItem(COLLAPSED_KEY, collapsed ? "0" : "1");
    setCollapsed(!collapsed);
  };

  if (collapsed) {
    return (
      <aside aria-label="Nodes" className="flex w-11 shrink-0 flex-col items-center border-border border-r bg-background pt-2">
        <Tooltip content="Show the nodes" side="right">
          <Button variant="ghost" size="icon-sm" aria-label="Show the nodes" onClick={toggle}>
            <PanelLeftOpen aria-hidden="true" />
          </Button>
        </Tooltip>
      </aside>
    );
  }
  return (
    <aside aria-label="Nodes" className="flex w-56 shrink-0 flex-col border-border border-r bg-background max-md:hidden">
      <div className="flex items-center gap-1 p-2 pb-1">
        <div className="relative min-w-0 flex-1">
          <Search
            aria-hidden="true"
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2 size-3.5 text-muted-foreground"
          />
          <Input
            type="search"
            aria-label="Search nodes"
            placeholder="Search nodes"
            className="h-7 pl-7"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && found[0]) onAdd(found[0]);
            }}
          />
        </div>
        <Button variant="ghost" size="icon-sm" aria-label="Hide the nodes" onClick={toggle}>
          <PanelLeftClose aria-hidden="true" />
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {groups
          .filter((group) => group.definitions.length > 0)
          .map((group, index) => (
            <section key={group.category ?? "found"} aria-labelledby={`${headingId}-${index}`}>
              <h2 id={`${headingId}-${index}`} className="px-1.5 pt-3 pb-1 font-medium text-muted-foreground text-xs">
                {group.category ? CATEGORY_TITLES[group.category] : "Found"}
              </h2>
              {group.definitions.map((definition) => (
                <button
                  key={definition.type}
                  type="button"
                  draggable
                  aria-label={definition.name}
                  title={withoutBackticks(definition.description)}
                  onDragStart={(event) => {
                    event.dataTransfer.setData(NODE_DRAG_TYPE, definition.type);
                    event.dataTransfer.effectAllowed = "copy";
                  }}
                  onClick={() => onAdd(definition)}
                  className="flex w-full cursor-grab items-center gap-2 rounded-md px-1.5 py-1 text-left text-sm outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring active:cursor-grabbing"
                >
                  <NodeIcon definition={definition} className="size-6 rounded-md" />
                  <span className="truncate">{definition.name}</span>
                </button>
              ))}
            </section>
          ))}
        {actions.length > 0 ? (
          <section aria-labelledby={`${headingId}-actions`}>
            <h2 id={`${headingId}-actions`} className="px-1.5 pt-3 pb-1 font-medium text-muted-foreground text-xs">
              Actions of tools
            </h2>
            {actions.map(({ id, toolName, method, endpoint, placeable }) => (
              <button
                key={id}
                type="button"
                draggable
                title={`${method} ${endpoint}`}
                onDragStart={(event) => {
                  event.dataTransfer.setData(NODE_DRAG_TYPE, placeable.type);
                  event.dataTransfer.setData(PRESET_DRAG_TYPE, JSON.stringify({ name: placeable.name, preset: placeable.preset }));
                  event.dataTransfer.effectAllowed = "copy";
                }}
                onClick={() => onAdd(placeable)}
                className="flex w-full cursor-grab items-center gap-2 rounded-md px-1.5 py-1 text-left text-sm outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring active:cursor-grabbing"
              >
                <NodeIcon definition={placeable} className="size-6 rounded-md" />
                <span className="min-w-0">
                  <span className="block truncate">{placeable.name}</span>
                  <span className="block truncate text-muted-foreground text-xs">{toolName}</span>
                </span>
              </button>
            ))}
          </section>
        ) : null}
        {found.length + actions.length === 0 && !pending ? (
          <p className="px-1.5 py-6 text-center text-muted-foreground text-xs">No node is called that.</p>
        ) : null}
      </div>
    </aside>
  );
}
