import { releaseExecution } from "./journal";
import { runIdOf } from "./run-ref";
import type { InngestRuntime } from "./runtime";

/** Whether Inngest knows a run. Rejects when it cannot be asked: nothing is then concluded. */
export type FindRun = (runId: string) => Promise<"known" | "unknown">;

const MAX_ROWS = 100;

/**
 * Queues executions again whose run Inngest has lost (a server whose state was deleted, or that kept it in memory). Such an
 * execution would stay running for good. Asked about are only those that have shown no life for `silentMs`: no step journaled,
 * no wake-up due, and no signal waiting to be taken that is younger. A new run goes on from the journal: what is completed
 * there is not run again.
 */
export async function requeueLostRuns(runtime: InngestRuntime, findRun: FindRun, silentMs: number): Promise<number> {
  const { rows } = await runtime.pool.query<{ id: string; worker_id: string }>({
    name: "inngest_silent",
    text: `select e.id, e.worker_id from execution e
      where e.engine = 'inngest' and e.status in ('running', 'waiting') and e.worker_id is not null
        and greatest(e.started_at, e.wake_at) < clock_timestamp() - $1 * interval '1 millisecond'
        and not exists (
          select 1 from execution_step s where s.execution_id = e.id
            and greatest(s.finished_at, s.started_at, s.wake_at) >= clock_timestamp() - $1 * interval '1 millisecond')
        and (e.status = 'running' or e.wake_at is not null or exists (
          select 1 from execution_wait w
          join execution_signal g on g.execution_id = w.execution_id and g.event = w.event and g.correlation = w.correlation
          where w.execution_id = e.id and g.received_at < clock_timestamp() - $1 * interval '1 millisecond'))
      order by e.started_at limit ${MAX_ROWS}`,
    values: [silentMs],
  });
  let requeued = 0;
  for (const { id, worker_id: runRef } of rows) {
    const runId = runIdOf(runRef);
    if ((await findRun(runId)) === "known") continue;
    if ((await releaseExecution(runtime, id, runRef, false)) === null) continue;
    requeued++;
    runtime.logger.warn({ executionId: id, runId }, "Inngest has lost a run; its execution goes on in a new one");
  }
  return requeued;
}
