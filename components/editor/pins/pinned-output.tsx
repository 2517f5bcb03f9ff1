"use client";
import { Pencil, Pin, PinOff } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { GraphNode, PinnedItem } from "@/flow/graph/schema";
import { ItemsView } from "../detail/items-view";
import type { DataViewMode } from "../detail/view-mode";
import { usePinning } from "./use-pinning";

/** What is pinned to a node, in place of what it gave. */
export function PinnedOutput({
  node,
  pinned,
  mode,
  readOnly,
  onEdit,
}: {
  node: GraphNode;
  pinned: readonly PinnedItem[];
  mode: DataViewMode;
  readOnly: boolean;
  onEdit: () => void;
}) {
  const { unpin } = usePinning();
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-info/40 bg-info-soft p-3 text-sm">
        <Pin aria-hidden="true" className="size-4 shrink-0 text-info-text" />
        <p className="min-w-0 flex-1 text-balance">
          This data is pinned: in runs from the editor the node gives it without being run. The published flow runs the node.
        </p>
        {readOnly ? null : (
          <span className="flex gap-1.5">
            <Button size="sm" onClick={onEdit}>
              <Pencil aria-hidden="true" />
              Edit
            </Button>
            <Button size="sm" onClick={() => unpin(node.id)}>
              <PinOff aria-hidden="true" />
              Unpin
            </Button>
          </span>
        )}
      </div>
      <ItemsView items={pinned} total={pinned.length} offset={0} mode={mode} />
    </>
  );
}
