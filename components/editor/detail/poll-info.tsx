"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, RefreshCw } from "lucide-react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { toast } from "@/components/ui/toast";
import type { GraphNode } from "@/flow/graph/schema";
import { formatTime } from "../format";
import { type FlowTrigger, useFlow } from "../state/flow-context";
import { useRunActions } from "../top-bar/run-actions";
import { TriggerFailing } from "./trigger-failing";

const LOOK_MS = 5_000;

/** When a polling trigger last looked and looks next, what keeps it from it, and an event to try the flow with. */
export function PollInfo({ node, trigger }: { node: GraphNode; trigger: FlowTrigger | undefined }) {
  const actions = useRunActions();
  const { active, publishedVersion } = useFlow();
  const fires = trigger?.active === true && active;
  const reason =
    publishedVersion === null
      ? "It begins to look once the flow is published."
      : !active
        ? "The flow is off: nothing is looked at. Once it is on, it goes on where it was."
        : "It begins to look once the flow is published with it.";
  return (
    <section aria-label="Polling" className="grid grid-cols-1 gap-2 rounded-lg border border-border bg-subtle p-3 text-sm">
      {fires ? <PollState triggerId={trigger.id} /> : <p>{reason}</p>}
      {actions ? (
        <div>
          <Button size="sm" pending={actions.pending} onClick={() => actions.testStep(node.id)}>
            <Download aria-hidden="true" />
            Fetch test event
          </Button>
          <p className="mt-1.5 text-muted-foreground text-xs">
            The newest one there is, to try the flow with. Where the trigger stands is not changed.
          </p>
        </div>
      ) : null}
    </section>
  );
}

function PollState({ triggerId }: { triggerId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const canEdit = useCan("editor");
  const { data, error } = useQuery(trpc.triggers.get.queryOptions({ id: triggerId }, { refetchInterval: LOOK_MS }));
  const pollNow = useMutation(
    trpc.triggers.pollNow.mutationOptions({
      onError: (thrown) => toast.error("It could not be asked to look", { description: errorMessage(thrown) }),
      onSettled: () => queryClient.invalidateQueries(trpc.triggers.get.pathFilter()),
    }),
  );
  const poll = data?.poll;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p role="status">
          {poll?.polledAt ? (
            <>
              {poll.error ? "Last worked" : "Last checked"} <RelativeTime at={poll.polledAt} />
              {poll.nextAt && poll.error === null ? `, next ${formatTime(poll.nextAt)}.` : "."}
            </>
          ) : error ? (
            errorMessage(error)
          ) : poll?.error ? (
            "Not checked yet."
          ) : (
            "It looks for the first time: what is there now starts nothing."
          )}
        </p>
        {canEdit ? (
          <Button size="sm" variant="ghost" pending={pollNow.isPending} onClick={() => pollNow.mutate({ id: triggerId })}>
            <RefreshCw aria-hidden="true" />
            Check now
          </Button>
        ) : null}
      </div>
      {poll ? <TriggerFailing failing={poll} attempt="check" meanwhile="Nothing is lost meanwhile." /> : null}
    </>
  );
}
