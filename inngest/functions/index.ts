import type { InngestFunction } from "inngest";
import { executeFlowFunction } from "./execute-flow";

/** Everything that Inngest may call. */
export const functions: InngestFunction.Any[] = [executeFlowFunction];
