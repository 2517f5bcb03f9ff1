import type { InngestFunction } from "inngest";
import { dispatchWebhookFunction } from "./dispatch-webhook";
import { executeFlowFunction } from "./execute-flow";
import { pollTickFunction } from "./poll-tick";
import { retentionFunction } from "./retention";
import { runCancelledFunction } from "./run-cancelled";
import { scheduleTickFunction } from "./schedule-tick";

/** Everything that Inngest may call. */
export const functions: InngestFunction.Any[] = [
  executeFlowFunction,
  runCancelledFunction,
  dispatchWebhookFunction,
  scheduleTickFunction,
  pollTickFunction,
  retentionFunction,
];
