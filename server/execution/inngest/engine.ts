import { type ExecutionStatus, isTerminal } from "@/flow/execution/status";
import type { NodeRegistry } from "@/flow/node/registry";
import { ServiceError } from "@/server/services/errors";
import type { ExecutionEngine } from "../engine";
import { policyOf } from "../policies";
import { Admission } from "./admission";
import { callsAnswered, refuseCalls, takeCalls } from "./calls";
import { LEAVE_EVENT, RESUME_EVENT, resumeToken, type SendEvents } from "./events";
import { publishHeads } from "./journal";
import type { FindRun } from "./lost-runs";
import { Outbox } from "./outbox";
import { awaitOutcome } from "./outcome";
import { recordStart } from "./record";
import { TERMINAL } from "./rows";
import { type InngestRuntime, setInngestRuntime, stepsAtWork } from "./runtime";
import { Sweeper } from "./sweeper";

export interface InngestEngineOptions extends Omit<InngestRuntime, "announce" | "isExclusive" | "freed"> {
  /** Node types that it runs. */
  registry: Pick<NodeRegistry, "definition">;
  send: SendEvents;
  /** Milliseconds between two looks for what Inngest never took up; 2,000. */
  sweepEveryMs?: number;
  /** Milliseconds after which it is sent again; 5,000. */
  resendAfterMs?: number;
  /** Asks Inngest about a run, to find executions whose run it has lost. */
  findRun?: FindRun;
  /** Milliseconds without a sign of life after which it is asked; ten minutes. */
  lostAfterMs?: number;
  /** Milliseconds that `stop` waits for calls under way; 10,000. */
  stopWithinMs?: number;
}

/** What a wait's payload may measure, as JSON: it travels through Inngest, whose steps hold 4 MiB. */
const MAX_SIGNAL_BYTES = 1_048_576;

/**
 * Runs executions on Inngest: Inngest calls back for each step, and keeps time; what happened is in our database, as with the
 * embedded engine. Everything is recorded before Inngest hears of it, and sent again until it was taken up.
 */
export function createInngestEngine(options: InngestEngineOptions): ExecutionEngine {
  const { send, findRun, pool, run, bus, logger, registry } = options;
  const { sweepEveryMs = 2000, resendAfterMs = 5000, lostAfterMs = 600_000, stopWithinMs = 10_000 } = options;
  const outbox = new Outbox(send, logger);
  const runtime: InngestRuntime = {
    pool,
    run,
    bus,
    logger,
    isExclusive: (type) => registry.definition(type)?.loops !== undefined,
    ...(options.ended && { ended: options.ended }),
    freed: (gate) => {
      if (gate !== null) admission.left(gate);
      admission.admit();
    },
    announce: (...events) => outbox.add(...events),
  };
  const admission: Admission = new Admission(runtime);
  setInngestRuntime(runtime);
  takeCalls();
  const withdraw = bus.reportsWith(stepsAtWork);
  const sweeper = new Sweeper(runtime, outbox, admission, { everyMs: sweepEveryMs, resendAfterMs, findRun, lostAfterMs });

  return {
    name: "inngest",

    async start(execution) {
      const policy = policyOf(execution);
      const started = policy ? await admission.start(execution, policy) : await recordStart(runtime, execution);
      if (!started.duplicate) admission.admit();
      if (policy) sweeper.lookSoon();
      return started;
    },

    cancel: (executionId) => admission.cancel(executionId, null),

    async pause(executionId) {
      const { rows } = await pool.query<{ before: ExecutionStatus; after: ExecutionStatus; claim_no: number }>({
        name: "inngest_pause",
        text: "select before, after, claim_no from inngest_pause($1)",
        values: [executionId],
      });
      const [row] = rows;
      if (!row || isTerminal(row.before)) return false;
      if (row.before === row.after) return true;
      await publishHeads(runtime, [executionId]);
      if (row.claim_no > 0) outbox.add({ name: LEAVE_EVENT, data: { executionId, claimNo: row.claim_no - 1 } });
      runtime.freed(null);
      return true;
    },

    async resume(executionId) {
      const { rows } = await pool.query<{ after: ExecutionStatus; gate: string | null }>({
        name: "inngest_resume",
        text: "select after, gate from inngest_resume($1)",
        values: [executionId],
      });
      const [row] = rows;
      if (!row) return false;
      await publishHeads(runtime, [executionId]);
      runtime.freed(row.gate);
      return true;
    },

    async signal({ organizationId, executionId, event, correlation, payload }) {
      const text = JSON.stringify(payload);
      if (Buffer.byteLength(text) > MAX_SIGNAL_BYTES) {
        throw new ServiceError(
          "too_large",
          `What resumes a waiting step may measure 1 MiB as JSON; this is ${Buffer.byteLength(text)} bytes`,
        );
      }
      const { rowCount } = await pool.query({
        name: "inngest_store_signal",
        text: `insert into execution_signal (organization_id, execution_id, event, correlation, payload)
          select $1, $2, $3, $4, $5 from execution
          where id = $2 and organization_id = $1 and engine = 'inngest' and status not in (${TERMINAL})
          on conflict do nothing`,
        values: [organizationId, executionId, event, correlation, text],
      });
      if (rowCount === 0) return false;
      outbox.add({ name: RESUME_EVENT, data: { executionId, token: resumeToken(event, correlation) } });
      return true;
    },

    outcome: (executionId, until, signal) => awaitOutcome(runtime, executionId, until, signal),

    async stop() {
      refuseCalls();
      await sweeper.stop();
      await callsAnswered(stopWithinMs);
      await admission.settled();
      withdraw();
      await outbox.settled();
    },
  };
}
