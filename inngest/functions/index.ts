import type { InngestFunction } from "inngest";
import { executeFlowFunction } from "./execute-flow";
import { retentionFunction } from "./retention";
import { runCancelledFunction } from "./run-cancelled";

/** Everything that Inngest may call. */
export const functions: InngestFunction.Any[] = [executeFlowFunction, runCancelledFunction, retentionFunction];
