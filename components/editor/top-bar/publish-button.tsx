"use client";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import type { Graph } from "@/flow/graph/schema";
import type { Autosave } from "../autosave/autosave";
import { useEditorEnvironment } from "../state/editor-context";
import type { FlowTrigger } from "../state/flow-context";
import { problemsOf, type Refusal } from "./problems-dialog";

/** Makes the draft the version that triggers run. */
export function PublishButton({
  flowId,
  autosave,
  changed,
  onPublished,
  onRefused,
}: {
  flowId: string;
  autosave: Autosave;
  /** The draft differs from what is published. */
  changed: boolean;
  onPublished: (published: { version: number; active: boolean; triggers: FlowTrigger[]; graph: Graph }) => void;
  onRefused: (refusal: Refusal) => void;
}) {
  const trpc = useTRPC();
  const { store } = useEditorEnvironment();
  /** What the server was asked to publish: editing goes on meanwhile. */
  const sent = useRef(store.getState().graph);
  const [saving, setSaving] = useState(false);
  const publish = useMutation(
    trpc.flows.publish.mutationOptions({
      onSuccess: (published) => {
        onPublished({ ...published, graph: sent.current });
        toast.success(`Published version ${published.version}`, {
          description: published.active ? "Its triggers are active." : "Switch it on to let its triggers fire.",
        });
      },
      onError: (error) => {
        const problems = problemsOf(error);
        if (problems.length > 0) onRefused({ title: "The flow cannot be published yet", message: errorMessage(error), problems });
        else toast.error("The flow was not published", { description: errorMessage(error) });
      },
    }),
  );
  const press = async () => {
    setSaving(true);
    sent.current = store.getState().graph;
    const saved = await autosave.flush();
    setSaving(false);
    if (saved) publish.mutate({ id: flowId });
    else
      toast.error("The flow was not published", {
        description: "Its latest changes could not be saved. Check the connection, then publish again.",
      });
  };
  return (
    <Button pending={saving || publish.isPending} disabled={!changed} onClick={() => void press()}>
      {changed ? "Publish" : "Published"}
    </Button>
  );
}
