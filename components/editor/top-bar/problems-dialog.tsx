"use client";
import { isTRPCClientError } from "@trpc/client";
import { CircleAlert } from "lucide-react";
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { useEditor } from "../state/editor-context";

export interface Problem {
  node: string | null;
  field: string;
  message: string;
}

export interface Refusal {
  title: string;
  message: string;
  problems: Problem[];
}

/** What a refusal says is wrong, node by node; empty when the error is of another kind. */
export function problemsOf(error: unknown): Problem[] {
  if (!isTRPCClientError(error)) return [];
  const issues = (error.data as { issues?: { field: string; message: string; node?: string }[] } | null | undefined)?.issues ?? [];
  return issues.map(({ field, message, node }) => ({ node: node ?? null, field, message }));
}

/** Why the flow cannot be published or run; a press on a problem opens its node. */
export function ProblemsDialog({ refusal, onClose }: { refusal: Refusal | null; onClose: () => void }) {
  const openNode = useEditor((state) => state.openNode);
  const nodes = useEditor((state) => state.graph.nodes);
  return (
    <Dialog open={refusal !== null} onOpenChange={(open) => open || onClose()}>
      <DialogContent className="max-w-lg">
        <DialogHeader>
          <DialogTitle>{refusal?.title}</DialogTitle>
          <DialogDescription>{refusal?.problems.length ? "Mend these first:" : refusal?.message}</DialogDescription>
        </DialogHeader>
        <ul className="grid gap-1">
          {refusal?.problems.map((problem) => {
            const target = nodes.find((node) => node.name === problem.node);
            const text = (
              <>
                <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-destructive-text" />
                <span className="min-w-0">
                  <span className="block font-medium">
                    {problem.node ?? "The flow"}
                    {problem.field ? <span className="font-normal text-muted-foreground">{` · ${problem.field}`}</span> : null}
                  </span>
                  <span className="block break-words text-muted-foreground">{problem.message}</span>
                </span>
              </>
            );
            return (
              <li key={`${problem.node}-${problem.field}-${problem.message}`}>
                {target ? (
                  <button
                    type="button"
                    onClick={() => {
                      onClose();
                      openNode(target.id);
                    }}
                    className="flex w-full cursor-pointer items-start gap-2 rounded-md p-2 text-left text-sm outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring"
                  >
                    {text}
                  </button>
                ) : (
                  <div className="flex items-start gap-2 p-2 text-sm">{text}</div>
                )}
              </li>
            );
          })}
        </ul>
      </DialogContent>
    </Dialog>
  );
}
