"use client";
import { type ReactNode, useState } from "react";
import { cn } from "@/components/ui/cn";
import { ResizeHandle } from "@/components/ui/resize-handle";
import type { GraphNode } from "@/flow/graph/schema";
import { FormProvider } from "../inspector/form-context";
import { useEditorEnvironment } from "../state/editor-context";
import { InputPanel } from "./input-panel";
import { MiddlePanel } from "./middle-panel";
import { OutputPanel } from "./output-panel";
import { useFormEnvironment } from "./use-form-environment";
import { type NodeData, useNodeData } from "./use-node-data";

const WIDTH = { min: 320, max: 720, initial: 440 };
const WIDTH_KEY = "tolstoy:detail-width";
type Column = "input" | "parameters" | "output";

/** Input, parameters and output side by side; on a narrow screen one at a time. */
export function DetailColumns({ node, header }: { node: GraphNode; header: (data: NodeData) => ReactNode }) {
  const { definitionOf } = useEditorEnvironment();
  const [expanded, setExpanded] = useState<readonly string[]>([]);
  const [itemIndex, setItemIndex] = useState(0);
  const [column, setColumn] = useState<Column>("parameters");
  const [width, setWidth] = useState(() => Number(localStorage.getItem(WIDTH_KEY)) || WIDTH.initial);
  const data = useNodeData(node, expanded);
  const form = useFormEnvironment(node, data, itemIndex);
  const isTrigger = definitionOf(node.type)?.trigger !== undefined;
  const columns: Column[] = isTrigger ? ["parameters", "output"] : ["input", "parameters", "output"];
  const shown = columns.includes(column) ? column : "parameters";
  const resize = (next: number) => {
    localStorage.setItem(WIDTH_KEY, String(next));
    setWidth(next);
  };

  return (
    <FormProvider value={form}>
      {header(data)}
      <nav aria-label="Parts of the node" className="flex border-border border-b p-1 lg:hidden">
        {columns.map((each) => (
          <button
            key={each}
            type="button"
            aria-current={each === shown}
            onClick={() => setColumn(each)}
            className={cn(
              "h-7 flex-1 cursor-pointer rounded-md text-muted-foreground text-sm capitalize",
              each === shown && "bg-subtle font-medium text-foreground",
            )}
          >
            {each}
          </button>
        ))}
      </nav>
      <div className="flex min-h-0 flex-1">
        {isTrigger ? null : (
          <>
            <div className={cn("min-w-0 flex-1 basis-0 bg-sidebar lg:flex", shown === "input" ? "flex" : "hidden")}>
              <InputPanel node={node} data={data} itemIndex={itemIndex} onItem={setItemIndex} onExpand={setExpanded} />
            </div>
            <div className="hidden lg:flex">
              <ResizeHandle label="Width of the parameters" side="right" value={width} {...WIDTH} onChange={resize} />
            </div>
          </>
        )}
        <div
          style={{ "--detail-width": `${width}px` } as React.CSSProperties}
          className={cn("min-w-0 flex-1 lg:flex lg:w-(--detail-width) lg:flex-none", shown === "parameters" ? "flex" : "hidden")}
        >
          <MiddlePanel node={node} data={data} />
        </div>
        <div className={cn("min-w-0 flex-1 basis-0 border-border bg-sidebar lg:flex lg:border-l", shown === "output" ? "flex" : "hidden")}>
          <OutputPanel node={node} data={data} />
        </div>
      </div>
    </FormProvider>
  );
}
