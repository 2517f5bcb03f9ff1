"use client";
import { Handle, Position, useStore } from "@xyflow/react";
import { Plus } from "lucide-react";
import { memo } from "react";
import { cn } from "@/components/ui/cn";
import type { GraphNode } from "@/flow/graph/schema";
import type { HandleSpec } from "@/flow/node/define-node";
import { formatCount } from "../format";
import { isConnected } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment, useOutputCount } from "../state/editor-context";
import { portOffset } from "./geometry";

const PORT =
  "!size-3 !border-2 !border-edge !bg-raised after:absolute after:-inset-2 after:content-[''] hover:!border-ring hover:!bg-primary-soft transition-colors";

export const FAR = 0.5;

/** The node's handles with their names, and a way to go on from outputs that lead nowhere yet. */
export const NodePorts = memo(function NodePorts({
  node,
  ports: { inputs, outputs },
  height,
}: {
  node: GraphNode;
  ports: { inputs: HandleSpec[]; outputs: HandleSpec[] };
  height: number;
}) {
  return (
    <>
      {inputs.map((port, index) => {
        const top = portOffset(index, inputs.length, height);
        return (
          <div key={port.name}>
            <Handle
              id={port.name}
              type="target"
              position={Position.Left}
              style={{ top }}
              className={cn(PORT, "!rounded-[3px] !w-2 !h-4")}
            />
            {port.label ? (
              <span
                style={{ top: top - 16 }}
                className="pointer-events-none absolute right-full mr-2 whitespace-nowrap text-[11px] text-muted-foreground leading-4"
              >
                {port.label}
              </span>
            ) : null}
          </div>
        );
      })}
      {outputs.map((port, index) => (
        <OutputPort key={port.name} node={node} port={port} top={portOffset(index, outputs.length, height)} index={index} />
      ))}
    </>
  );
});

function OutputPort({ node, port, top, index }: { node: GraphNode; port: HandleSpec; top: number; index: number }) {
  const { readOnly } = useEditorEnvironment();
  const connected = useEditor((state) => isConnected(state.graph.edges, node.id, port.name));
  const openPicker = useEditor((state) => state.openPicker);
  const isFar = useStore((state) => state.transform[2] < FAR);
  return (
    <>
      <Handle id={port.name} type="source" position={Position.Right} style={{ top }} className={PORT} />
      <div
        style={{ top }}
        className="pointer-events-none absolute left-full ml-2 flex -translate-y-1/2 items-center whitespace-nowrap text-[11px] text-muted-foreground leading-4"
      >
        {port.label ? (
          <span
            className={cn(
              "rounded-sm bg-canvas/85 px-1",
              connected && "-translate-y-2.5",
              port.name === "error" && "text-destructive-text",
            )}
          >
            {port.label}
          </span>
        ) : null}
        {connected || isFar ? null : (
          <>
            <span className="h-px w-6 bg-edge" />
            {readOnly ? null : (
              <button
                type="button"
                aria-label={`Add a node after ${node.name}${port.label ? ` (${port.label})` : ""}`}
                tabIndex={-1}
                className="nodrag nopan pointer-events-auto grid size-5 cursor-pointer place-items-center rounded-md border border-input bg-raised text-muted-foreground shadow-xs hover:border-ring hover:text-primary-text"
                onClick={(event) => {
                  event.stopPropagation();
                  openPicker({ kind: "attach", attachment: { nodeId: node.id, handle: port.name, side: "after" }, position: null });
                }}
              >
                <Plus aria-hidden="true" className="size-3" strokeWidth={2.5} />
              </button>
            )}
            <ItemCount nodeId={node.id} output={index} />
          </>
        )}
      </div>
    </>
  );
}

/** What came out of an output that leads nowhere; where it leads somewhere, the connection tells. */
function ItemCount({ nodeId, output }: { nodeId: string; output: number }) {
  const count = useOutputCount(nodeId, output);
  return count ? <span className="ml-1.5 tabular-nums">{formatCount(count, "item")}</span> : null;
}
