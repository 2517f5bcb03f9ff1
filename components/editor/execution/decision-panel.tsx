"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleHelp } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/form-field";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import type { Item } from "@/flow/item";

const REFRESH_MS = 4_000;

/** What an execution under way needs decisions about: writes whose end nobody saw. */
export function Decisions({
  executionId,
  nameOf,
  mayDecide,
}: {
  executionId: string;
  nameOf: (nodeId: string) => string;
  mayDecide: boolean;
}) {
  const trpc = useTRPC();
  const { data = [] } = useQuery(trpc.executions.decisions.queryOptions({ id: executionId }, { refetchInterval: REFRESH_MS }));
  return data.map(({ key, attempt, nodeId, reason }) => (
    <DecisionPanel
      key={`${key} ${attempt}`}
      executionId={executionId}
      stepKey={key}
      nodeName={nameOf(nodeId)}
      reason={reason}
      mayDecide={mayDecide}
    />
  ));
}

/** One object or a list of them, as items; null when it is neither. */
function itemsOf(text: string): Item[] | null {
  if (text.trim() === "") return [{ json: {} }];
  try {
    const given = JSON.parse(text) as unknown;
    const list = Array.isArray(given) ? given : [given];
    return list.every((each) => typeof each === "object" && each !== null && !Array.isArray(each))
      ? list.map((json) => ({ json: json as Item["json"] }))
      : null;
  } catch {
    return null;
  }
}

function DecisionPanel({
  executionId,
  stepKey,
  nodeName,
  reason,
  mayDecide,
}: {
  executionId: string;
  stepKey: string;
  nodeName: string;
  reason: string;
  mayDecide: boolean;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [output, setOutput] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const decide = useMutation(
    trpc.executions.decide.mutationOptions({
      onSuccess: () => toast.success("The execution goes on"),
      onSettled: () => queryClient.invalidateQueries(trpc.executions.decisions.pathFilter()),
    }),
  );
  const say = (decision: "done" | "again" | "failed") => {
    const items = decision === "done" ? itemsOf(output) : undefined;
    setProblem(items === null ? "What it gave must be a JSON object, or a list of them" : null);
    if (items !== null) decide.mutate({ id: executionId, key: stepKey, decision, items });
  };
  const pending = (decision: string) => decide.isPending && decide.variables.decision === decision;
  return (
    <section aria-label={`Decision: ${nodeName}`} className="grid gap-2.5 rounded-lg border border-warning/40 bg-warning-soft p-3 text-sm">
      <p className="flex items-start gap-2 font-medium">
        <CircleHelp aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning-text" />
        <span className="min-w-0 break-words">Nobody knows whether “{nodeName}” was done</span>
      </p>
      <p className="break-words text-muted-foreground text-xs">
        {reason}. Running it again may do it twice: look at the other side first, then say what became of it.
      </p>
      {mayDecide ? (
        <>
          <Textarea
            aria-label="What it gave, if it was done"
            placeholder='What it gave, if it was done: {"id": 7} (optional)'
            rows={2}
            value={output}
            className="font-mono text-xs"
            onChange={(event) => setOutput(event.target.value)}
          />
          {problem ? <FieldError>{problem}</FieldError> : null}
          {decide.error ? <FieldError>{errorMessage(decide.error)}</FieldError> : null}
          <div className="grid grid-cols-2 gap-2">
            <Button
              className="col-span-2"
              variant="primary"
              pending={pending("done")}
              disabled={decide.isPending}
              onClick={() => say("done")}
            >
              It was done
            </Button>
            <Button pending={pending("again")} disabled={decide.isPending} onClick={() => say("again")}>
              Run it again
            </Button>
            <Button pending={pending("failed")} disabled={decide.isPending} onClick={() => say("failed")}>
              It failed
            </Button>
          </div>
        </>
      ) : null}
    </section>
  );
}
