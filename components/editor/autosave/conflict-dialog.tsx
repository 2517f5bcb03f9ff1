"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { formatTime } from "../format";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { sameGraph } from "./same-graph";
import type { AutosaveHandle } from "./use-autosave";

/** Two drafts of one flow: the person says which stays. Nothing is lost by either answer. */
export function ConflictDialog({ flowId, handle }: { flowId: string; handle: AutosaveHandle }) {
  const trpc = useTRPC();
  const { store } = useEditorEnvironment();
  const apply = useEditor((state) => state.apply);
  const { autosave, state } = handle;
  const open = state.phase === "conflict";
  const query = useQuery(trpc.flows.get.queryOptions({ id: flowId }, { enabled: open, staleTime: 0, gcTime: 0 }));
  const theirs = open && !query.isFetching ? query.data : undefined;
  const same = theirs !== undefined && sameGraph(theirs.graph, store.getState().graph);

  useEffect(() => {
    // The same edit came from two tabs: there is nothing to decide.
    if (same && theirs) autosave.tookTheirs(theirs.revision);
  }, [same, theirs, autosave]);

  const takeTheirs = () => {
    if (!theirs) return;
    apply({ type: "replaceGraph", graph: theirs.graph });
    autosave.tookTheirs(theirs.revision);
  };

  return (
    <Dialog open={open && !same}>
      <DialogContent hideClose onEscapeKeyDown={(event) => event.preventDefault()} onInteractOutside={(event) => event.preventDefault()}>
        <DialogHeader>
          <DialogTitle>This flow was changed elsewhere</DialogTitle>
          <DialogDescription>
            {theirs
              ? `Another tab or person saved it at ${formatTime(theirs.updatedAt)}. Your changes are still here, unsaved.`
              : "Another tab or person saved it while you were editing. Your changes are still here, unsaved."}
          </DialogDescription>
        </DialogHeader>
        <ul className="grid gap-1 text-muted-foreground text-sm">
          <li>Keep yours: it replaces what was saved elsewhere.</li>
          <li>Load theirs: Undo brings yours back.</li>
        </ul>
        {query.error ? <FieldError>{errorMessage(query.error)}</FieldError> : null}
        <DialogFooter>
          {query.error ? <Button onClick={() => void query.refetch()}>Try again</Button> : null}
          <Button disabled={!theirs} onClick={takeTheirs}>
            Load theirs
          </Button>
          <Button variant="primary" disabled={!theirs} onClick={() => theirs && autosave.keepMine(theirs.revision)}>
            Keep mine
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
