import { FLOWS_ENDED, flowsCorrelation, type StepRef } from "@/flow/interpreter/host";
import { countsAfterWait } from "@/flow/interpreter/suspension";
import type { Json } from "@/flow/item";
import { appendStep } from "./journal";
import { openForRun, type StepScope, untilInstant } from "./run-step";
import { tryAgainAt } from "./step-errors";

const DAY_MS = 86_400_000;
/** Inngest sleeps and waits for a year at most, so what takes longer is made of several. */
const LONGEST_WAIT_MS = 300 * DAY_MS;

/** An instant, or how far towards it Inngest goes at once. */
export const withinReach = (until: Date): Date => new Date(Math.min(until.getTime(), Date.now() + LONGEST_WAIT_MS));

export interface EventWait {
  event: string;
  correlation: string;
  until?: Date;
}

/** How a wait stands: over, with what it brought, or to be waited for. JSON: it travels through Inngest. */
export type WaitState = { over: true; payload: Json | null } | { over: false /** ISO 8601. */; until: string };

/**
 * Ends a sleep in the journal. Inngest may wake a run early, and calls again: it ends once, and never before its time.
 * @returns false for one that goes further than Inngest did: the rest of it is still to be slept
 */
export async function endSleep(scope: StepScope, step: StepRef, until: Date): Promise<boolean> {
  if (until.getTime() - Date.now() > DAY_MS) return false;
  await untilInstant(until, `Step ${step.key} sleeps`);
  await endWait(scope, step, null);
  return true;
}

/**
 * Looks whether the event of a wait has come or its time has run out, and ends it in the journal then. Before that, the wait is
 * registered: a signal that comes between this look and Inngest's own wait finds it, and is announced again until it is taken.
 */
export async function lookForEvent(scope: StepScope, step: StepRef, wait: EventWait): Promise<WaitState> {
  const { runtime, held } = scope;
  const visit = await openForRun(scope, step.key);
  if (visit.kind === "done" && visit.waited) return { over: true, payload: visit.waited.payload };
  await runtime.pool.query({
    name: "inngest_wait",
    text: `insert into execution_wait (execution_id, key, organization_id, event, correlation, expires_at)
      values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    values: [held.id, step.key, held.organizationId, wait.event, wait.correlation, wait.until ?? null],
  });
  const came = await readSignal(scope, wait);
  if (came !== undefined) return { over: true, payload: await endWait(scope, step, came) };
  const longest = new Date(Date.now() + LONGEST_WAIT_MS);
  if (!wait.until || wait.until > longest) return { over: false, until: longest.toISOString() };
  if (wait.until.getTime() > Date.now()) return { over: false, until: wait.until.toISOString() };
  return { over: true, payload: await endWait(scope, step, await expire(scope, wait)) };
}

async function readSignal({ runtime, held }: StepScope, wait: EventWait): Promise<Json | undefined> {
  const { rows } = await runtime.pool.query<{ payload: string }>({
    name: "inngest_signal",
    text: "select payload from execution_signal where execution_id = $1 and event = $2 and correlation = $3",
    values: [held.id, wait.event, wait.correlation],
  });
  return rows[0] && (JSON.parse(rows[0].payload) as Json);
}

/** Closes a wait whose time has run out: an event that comes later is refused. Answers one that came at the last moment. */
async function expire(scope: StepScope, wait: EventWait): Promise<Json | null> {
  await scope.runtime.pool.query({
    name: "inngest_expire",
    text: `insert into execution_signal (organization_id, execution_id, event, correlation, payload)
      values ($1, $2, $3, $4, 'null') on conflict do nothing`,
    values: [scope.held.organizationId, scope.held.id, wait.event, wait.correlation],
  });
  return (await readSignal(scope, wait)) ?? null;
}

/** Appends the row that ends a wait. Answers what ended it: by the journal, where a duplicate was quicker. */
async function endWait(scope: StepScope, step: StepRef, payload: Json | null): Promise<Json | null> {
  const visit = await openForRun(scope, step.key);
  if (visit.kind !== "done" || !visit.summary.suspend) throw new Error(`Step ${step.key} does not wait`);
  if (visit.waited) return visit.waited.payload;
  const now = new Date();
  const seq = await appendStep(scope.runtime, scope.held, "wait", {
    key: step.key,
    nodeId: step.nodeId,
    runIndex: step.runIndex,
    attempt: visit.attempt,
    status: "succeeded",
    effect: step.effect,
    counts: countsAfterWait(visit.summary.counts, visit.summary.suspend, payload),
    sources: null,
    output: JSON.stringify({ payload }),
    error: null,
    wakeAt: null,
    startedAt: now,
    finishedAt: now,
  });
  if (seq === null) throw tryAgainAt(`The wait of ${step.key} was ended by another call`, new Date());
  scope.appended(seq);
  return payload;
}

/** Looks whether the executions that an attempt started have ended; registers the wait for them otherwise. */
export async function lookForFlows(scope: StepScope, step: StepRef, key: string): Promise<{ over: true } | { over: false; until: string }> {
  const { runtime, held } = scope;
  await openForRun(scope, step.key);
  const wait = { event: FLOWS_ENDED, correlation: flowsCorrelation(held.id, key) };
  await runtime.pool.query({
    name: "inngest_flows_wait",
    text: `insert into execution_wait (execution_id, key, organization_id, event, correlation) values ($1, $2, $3, $4, $5)
      on conflict do nothing`,
    values: [held.id, key, held.organizationId, wait.event, wait.correlation],
  });
  if ((await readSignal(scope, wait)) === undefined) {
    return { over: false, until: new Date(Date.now() + LONGEST_WAIT_MS).toISOString() };
  }
  // The journal does not hear of this wait, so nothing else takes it away; the signal stays for a second call.
  await runtime.pool.query({
    name: "inngest_flows_ended",
    text: "delete from execution_wait where execution_id = $1 and key = $2",
    values: [held.id, key],
  });
  return { over: true };
}
