"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/providers/trpc";
import { formatTimeInZone } from "../format";
import { type FlowTrigger, useFlow } from "../state/flow-context";
import { TriggerFailing } from "./trigger-failing";

const LOOK_MS = 5_000;

/** When a schedule starts its flow next, and what keeps it from it. */
export function ScheduleInfo({ trigger }: { trigger: FlowTrigger | undefined }) {
  const { active, publishedVersion } = useFlow();
  const state = publishedVersion === null ? "once the flow is published" : active ? "at its times" : "once the flow is active";
  return (
    <section aria-label="Schedule" className="grid grid-cols-1 gap-2 rounded-lg border border-border bg-subtle p-3 text-sm">
      {trigger?.active && active ? <ScheduleState trigger={trigger} /> : <p>{`It fires ${state}.`}</p>}
    </section>
  );
}

function ScheduleState({ trigger }: { trigger: FlowTrigger }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.triggers.get.queryOptions({ id: trigger.id }, { refetchInterval: LOOK_MS }));
  const schedule = data?.schedule ?? trigger.schedule;
  if (!schedule) return null;
  return (
    <>
      {schedule.error === null ? (
        <p role="status">{schedule.nextAt ? `Next run: ${formatTimeInZone(schedule.nextAt)}.` : "It never comes due again."}</p>
      ) : null}
      <TriggerFailing failing={schedule} attempt="start" meanwhile="Times that pass meanwhile are treated as “Missed times” says." />
    </>
  );
}
