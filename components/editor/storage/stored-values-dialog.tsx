"use client";
import { useState } from "react";
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { Segmented } from "@/components/ui/segmented";
import { StoredValues } from "./stored-values";

const PLACES = [
  { value: "flow", label: "This flow" },
  { value: "all", label: "All flows" },
] as const;

/** What the flow and its nodes keep from one execution to the next: looked at, set and deleted by hand. */
export function StoredValuesDialog({
  flowId,
  nodeNames,
  open,
  onOpenChange,
}: {
  flowId: string;
  nodeNames: ReadonlyMap<string, string>;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const [place, setPlace] = useState<"flow" | "all">("flow");
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="max-w-2xl grid-cols-1">
        <DialogHeader>
          <DialogTitle>Stored values</DialogTitle>
          <DialogDescription>What Storage nodes and code keep from one execution to the next.</DialogDescription>
        </DialogHeader>
        <Segmented label="Whose values" className="justify-self-start" value={place} options={PLACES} onChange={setPlace} />
        {open ? <StoredValues key={place} flowId={place === "flow" ? flowId : null} nodeNames={nodeNames} /> : null}
      </DialogContent>
    </Dialog>
  );
}
