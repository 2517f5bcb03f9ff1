"use client";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { DialogClose, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { Switch } from "@/components/ui/switch";
import { ImportProblems } from "./import-problems";

interface Changes {
  added: string[];
  changed: string[];
  unchanged: number;
  removed: { key: string; name: string; flows: string[] }[];
  documentBaseUrl: string | null;
}

/** What a document's new state would change in its tool, before it does. */
export function ImportReview({
  answer,
  changes,
  pending,
  onApply,
}: {
  answer: { name: string; problems: React.ComponentProps<typeof ImportProblems>["problems"] };
  changes: Changes;
  pending: boolean;
  onApply: (removeMissing: boolean) => void;
}) {
  const [removeMissing, setRemoveMissing] = useState(false);
  const switchId = useId();
  const nothing = changes.added.length === 0 && changes.changed.length === 0 && changes.removed.length === 0;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <DialogHeader>
        <DialogTitle className="truncate">What changes with “{answer.name}”</DialogTitle>
        <DialogDescription>
          {nothing
            ? "Nothing: every action is as the document has it."
            : `${changes.added.length} new, ${changes.changed.length} changed, ${changes.unchanged} as they were, ${changes.removed.length} gone`}
        </DialogDescription>
      </DialogHeader>
      <Keys title="New" keys={changes.added} />
      <Keys title="Changed" keys={changes.changed} />
      {changes.removed.length > 0 ? (
        <section className="grid gap-2" aria-label="Gone">
          <h3 className="font-semibold text-sm">Not in the document any more</h3>
          <ul className="max-h-40 overflow-y-auto text-sm">
            {changes.removed.map(({ key, name, flows }) => (
              <li key={key} className="min-w-0 py-1">
                <span className="break-words">{name}</span>{" "}
                {flows.length > 0 ? <span className="break-words text-warning-text text-xs">used by {flows.join(", ")}</span> : null}
              </li>
            ))}
          </ul>
          <label htmlFor={switchId} className="flex items-center gap-3 text-sm">
            <Switch id={switchId} checked={removeMissing} onCheckedChange={setRemoveMissing} />
            Delete {changes.removed.length === 1 ? "it" : "them"} here, too
          </label>
        </section>
      ) : null}
      {changes.documentBaseUrl ? (
        <p className="break-words text-muted-foreground text-xs">
          The document’s address is {changes.documentBaseUrl}; the tool keeps its own, which its settings can change.
        </p>
      ) : null}
      <ImportProblems problems={answer.problems} />
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button variant="primary" pending={pending} disabled={nothing} onClick={() => onApply(removeMissing)}>
          Update tool
        </Button>
      </DialogFooter>
    </div>
  );
}

function Keys({ title, keys }: { title: string; keys: string[] }) {
  if (keys.length === 0) return null;
  return (
    <section className="grid gap-1" aria-label={title}>
      <h3 className="font-semibold text-sm">{title}</h3>
      <p className="max-h-32 overflow-y-auto break-words font-mono text-muted-foreground text-xs">{keys.join(", ")}</p>
    </section>
  );
}
