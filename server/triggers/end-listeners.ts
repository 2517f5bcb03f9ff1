import type pg from "pg";
import type { EndListener } from "../execution/ends/follow-end";
import type { ExecutionEngine } from "../execution/engine";
import { errorFlows } from "./error-flow";
import { flowEndEvents } from "./event-triggers";

/** Everything that executions' ends start. */
export const endListeners = (pool: pg.Pool, engine: () => Promise<ExecutionEngine>): EndListener[] => [
  errorFlows(pool, engine),
  flowEndEvents(pool, engine),
];
