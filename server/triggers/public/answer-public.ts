import { randomUUID } from "node:crypto";
import type { Item } from "@/flow/item";
import type { ExecutionEngine } from "../../execution/engine";
import { getEngine } from "../../execution/get-engine";
import { newExecutionId, newTriggerEventId } from "../../execution/ids";
import { ServiceError } from "../../services/errors";
import { toServiceError } from "../../services/to-service-error";
import { keepArrival } from "../held-arrivals";
import { type Arrival, startOrKeep } from "../start-or-keep";
import type { PublicKind, PublicTrigger } from "./find";
import { answerNotice } from "./page";

const STATUS: Partial<Record<ServiceError["code"], number>> = {
  invalid: 400,
  too_large: 413,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
};

/** Runs a handler; what it throws becomes a page that says so. */
export async function answering(what: string, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (thrown) {
    const error = toServiceError(thrown, { requestId: randomUUID(), what });
    const { retryAfterSeconds } = error.details;
    const headers = retryAfterSeconds === undefined ? undefined : { "retry-after": String(retryAfterSeconds) };
    return answerNotice(STATUS[error.code] ?? 500, "That did not work", error.message, headers);
  }
}

/**
 * Starts the flow of a page, or keeps what came: for the editor where the address is the one for tests, for later while too much is
 * queued.
 * @throws ServiceError `rate_limited` while too much is queued and the sender waits for an answer; what came is in the ledger then
 */
export async function begin(
  kind: PublicKind,
  page: PublicTrigger<unknown>,
  item: Item,
  { dedupeKey, waits }: { dedupeKey: string | null; waits: boolean },
): Promise<{ engine: ExecutionEngine; executionId: string } | { keptFor: "test" | "later" }> {
  const { organizationId, flowId, triggerId, nodeId, live } = page;
  if (!live) {
    const kept = await keepArrival({ organizationId, flowId, triggerId, type: kind, heldFor: "test", dedupeKey: null, items: [item] });
    if (kept === null) throw new ServiceError("unavailable", "Nothing more can be kept here.");
    return { keptFor: "test" };
  }
  const engine = await getEngine();
  const arrival: Arrival = {
    id: newExecutionId(),
    organizationId,
    flowId,
    flowName: live.flowName,
    flowVersion: live.flowVersion,
    graph: live.graph,
    mode: kind,
    triggerNodeId: nodeId,
    items: [item],
    variables: {},
    createdById: null,
    retryOfId: null,
    event: { id: newTriggerEventId(), triggerId, type: kind, dedupeKey },
  };
  const begun = await startOrKeep(engine, arrival, waits ? "refused" : "busy");
  if ("executionId" in begun) return { engine, executionId: begun.executionId };
  if (!waits) return { keptFor: "later" };
  const { retryAfterSeconds } = begun;
  throw new ServiceError("rate_limited", "Too much is being worked on just now. Please try again in a moment.", { retryAfterSeconds });
}

/** What the last node says to a person: its field `output`, `text` or `message`; null where it has none. */
export function saidBy(items: readonly Item[] | null): string | null {
  const json = items?.[0]?.json;
  if (!json) return null;
  for (const name of ["output", "text", "message"]) {
    const value = json[name];
    if (typeof value === "string") return value;
    if (value !== undefined && value !== null) return JSON.stringify(value);
  }
  return null;
}
