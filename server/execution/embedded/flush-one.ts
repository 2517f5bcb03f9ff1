import { type Ask, type FlushQuery, isFolded, type Parameter, stepColumns } from "./flush-statement";
import type { Entry } from "./rows";

const STEP_COLUMNS = 15;
const PARAMETERS = 22 + STEP_COLUMNS;
const TEXT = `select * from engine_flush_one(${Array.from({ length: PARAMETERS }, (_, index) => `$${index + 1}`).join(",")})`;

/**
 * The journal's ordinary case: one execution that began and ended since the last flush. Half the work for the database of the
 * statement for many. Null when what is to be written is anything else. Its answer may be that of `other`: nothing is written then,
 * and the statement for many does it.
 */
export function flushOneStatement(worker: string, entries: readonly Entry[], ask: Ask): FlushQuery | null {
  const [entry] = entries;
  if (!entry || entries.length > 1 || ask.claim > 0 || ask.wake || entry.payloads.length > 0) return null;
  const { start, end, steps } = entry;
  if (!start?.at || start.policy || !end || !isFolded(entry)) return null;
  const { execution } = start;
  const values: Parameter[] = [
    worker,
    execution.event.id,
    execution.id,
    execution.organizationId,
    execution.flowId,
    execution.event.triggerId,
    execution.event.type,
    execution.event.dedupeKey,
    execution.flowVersion,
    start.draftGraph,
    execution.mode,
    execution.triggerNodeId,
    start.input,
    start.variables,
    execution.retryOfId,
    execution.createdById,
    end.status,
    end.seq + 1,
    end.error,
    end.lastKey,
    start.at.toISOString(),
    end.finishedAt.toISOString(),
    ...(steps.length === 0 ? new Array<null>(STEP_COLUMNS).fill(null) : stepColumns(steps)),
  ];
  return { name: "engine_flush_one", text: TEXT, values };
}
