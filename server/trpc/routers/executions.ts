import { tracked } from "@trpc/server";
import type { Session } from "../../auth/session";
import { cancelExecution, continueExecution, pauseExecution } from "../../services/executions/control";
import { executionCustomData } from "../../services/executions/custom-data";
import { decide, decideSchema, pendingDecisions } from "../../services/executions/decisions";
import { flowMetrics, flowMetricsSchema } from "../../services/executions/flow-metrics";
import { executionGraph } from "../../services/executions/graph";
import { linkedExecutions } from "../../services/executions/links";
import { listExecutions, listExecutionsSchema } from "../../services/executions/list";
import { executionLogs, executionLogsSchema } from "../../services/executions/logs";
import { resumeExecution, resumeExecutionSchema } from "../../services/executions/resume";
import { resumeFrom, resumeFromSchema } from "../../services/executions/resume-from";
import { resumptionPlan, resumptionPlanSchema } from "../../services/executions/resumption-plan";
import { retryExecution, retryExecutionSchema } from "../../services/executions/retry";
import { resumeSameError, resumeSameErrorSchema, sameError, sameErrorSchema } from "../../services/executions/same-error";
import { executionAfter, executionAfterSchema, executionIdSchema, executionSnapshot } from "../../services/executions/snapshot";
import { startExecution, startExecutionSchema } from "../../services/executions/start";
import { executionStatistics, statisticsSchema } from "../../services/executions/statistics";
import { stepDetail, stepDetailSchema } from "../../services/executions/step-detail";
import { testStep, testStepSchema } from "../../services/executions/test-step";
import { watchExecution, watchExecutionSchema } from "../../services/executions/watch";
import { grantLive, liveTokenSchema } from "../../services/live/token";
import type { TrpcContext } from "../context";
import { inputOf, procedure, router, toTrpcError } from "../init";

/** Whether the session of the request's start is still one of a member, as the database says it now. */
const mayStay =
  ({ currentSession, freshSession }: Pick<TrpcContext, "freshSession"> & { currentSession: Session }) =>
  async (): Promise<boolean> =>
    (await freshSession())?.organizations.some(({ id }) => id === currentSession.organization.id) ?? false;

export const executionsRouter = router({
  /** Runs the draft. */
  start: procedure.input(inputOf(startExecutionSchema)).mutation(({ ctx, input }) => startExecution({ ctx: ctx.service, input })),
  /** Runs one node of the draft, and before it what it needs. */
  testStep: procedure.input(inputOf(testStepSchema)).mutation(({ ctx, input }) => testStep({ ctx: ctx.service, input })),
  list: procedure.input(inputOf(listExecutionsSchema)).query(({ ctx, input }) => listExecutions({ ctx: ctx.service, input })),
  snapshot: procedure.input(inputOf(executionIdSchema)).query(({ ctx, input }) => executionSnapshot({ ctx: ctx.service, input })),
  /** The head and the records after `seq`: for a gap. */
  after: procedure.input(inputOf(executionAfterSchema)).query(({ ctx, input }) => executionAfter({ ctx: ctx.service, input })),
  graph: procedure.input(inputOf(executionIdSchema)).query(({ ctx, input }) => executionGraph({ ctx: ctx.service, input })),
  /** What started it, and what its steps started. */
  /** What it says of itself. */
  customData: procedure.input(inputOf(executionIdSchema)).query(({ ctx, input }) => executionCustomData({ ctx: ctx.service, input })),
  links: procedure.input(inputOf(executionIdSchema)).query(({ ctx, input }) => linkedExecutions({ ctx: ctx.service, input })),
  step: procedure.input(inputOf(stepDetailSchema)).query(({ ctx, input }) => stepDetail({ ctx: ctx.service, input })),
  /** What its steps logged. */
  logs: procedure.input(inputOf(executionLogsSchema)).query(({ ctx, input }) => executionLogs({ ctx: ctx.service, input })),
  /** How the executions of a flow went. */
  metrics: procedure.input(inputOf(flowMetricsSchema)).query(({ ctx, input }) => flowMetrics({ ctx: ctx.service, input })),
  /** How the organization's executions went. */
  statistics: procedure.input(inputOf(statisticsSchema)).query(({ ctx, input }) => executionStatistics({ ctx: ctx.service, input })),
  pause: procedure.input(inputOf(executionIdSchema)).mutation(({ ctx, input }) => pauseExecution({ ctx: ctx.service, input })),
  continue: procedure.input(inputOf(executionIdSchema)).mutation(({ ctx, input }) => continueExecution({ ctx: ctx.service, input })),
  cancel: procedure.input(inputOf(executionIdSchema)).mutation(({ ctx, input }) => cancelExecution({ ctx: ctx.service, input })),
  retry: procedure.input(inputOf(retryExecutionSchema)).mutation(({ ctx, input }) => retryExecution({ ctx: ctx.service, input })),
  /** What resuming an ended execution on another graph would take over. */
  resumptionPlan: procedure.input(inputOf(resumptionPlanSchema)).query(({ ctx, input }) => resumptionPlan({ ctx: ctx.service, input })),
  /** Goes on where an ended execution stood. */
  resumeFrom: procedure.input(inputOf(resumeFromSchema)).mutation(({ ctx, input }) => resumeFrom({ ctx: ctx.service, input })),
  /** Writes whose end nobody saw. */
  decisions: procedure.input(inputOf(executionIdSchema)).query(({ ctx, input }) => pendingDecisions({ ctx: ctx.service, input })),
  decide: procedure.input(inputOf(decideSchema)).mutation(({ ctx, input }) => decide({ ctx: ctx.service, input })),
  /** Executions that failed alike. */
  sameError: procedure.input(inputOf(sameErrorSchema)).query(({ ctx, input }) => sameError({ ctx: ctx.service, input })),
  resumeSameError: procedure
    .input(inputOf(resumeSameErrorSchema))
    .mutation(({ ctx, input }) => resumeSameError({ ctx: ctx.service, input })),
  /** Decides on an approval. */
  resume: procedure.input(inputOf(resumeExecutionSchema)).mutation(({ ctx, input }) => resumeExecution({ ctx: ctx.service, input })),
  /** Live events until the execution ends; the id of each is the journal position to go on from. */
  live: procedure.input(inputOf(watchExecutionSchema)).subscription(async function* ({ ctx, input, signal, path }) {
    try {
      const watch = watchExecution({ ctx: ctx.service, input, signal: signal ?? new AbortController().signal, mayStay: mayStay(ctx) });
      for await (const { position, event } of watch) yield tracked(String(position), event);
    } catch (error) {
      throw toTrpcError(error, { requestId: ctx.requestId, what: path });
    }
  }),
});

export const liveRouter = router({
  /** How to listen to an execution: by `executions.live`, or at Ably with this token. */
  token: procedure.input(inputOf(liveTokenSchema)).query(({ ctx, input }) => grantLive({ ctx: ctx.service, input, mayStay: mayStay(ctx) })),
});
