import { randomUUID } from "node:crypto";
import { env } from "../env";
import type { ExecutionEngine, ExecutionOutcome } from "../execution/engine";
import { getEngine } from "../execution/get-engine";
import { newExecutionId, newTriggerEventId } from "../execution/ids";
import { readBody } from "../rest/body";
import { errorResponse } from "../rest/errors";
import { toServiceError } from "../services/to-service-error";
import { answerError, answerImmediately, answerOfLastNode, answerOfOutcome, answerStillRunning } from "./webhook-answer";
import { type Caller, checkCaller, credentialHeader } from "./webhook-caller";
import { isForeignPage, withCors } from "./webhook-cors";
import { deliveryKey, webhookItem } from "./webhook-item";
import { type ActiveWebhook, findWebhook } from "./webhook-registry";

const ANYBODY: Caller = {};

/** How long a caller is kept waiting for a flow to finish; proxies in between seldom wait longer. */
const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * One call of a webhook's URL: recorded before it is answered, started at most once. The hot path: no ORM, one prepared
 * statement besides the engine's own.
 */
export async function handleWebhook(request: Request, triggerId: string): Promise<Response> {
  let webhook: ActiveWebhook | null = null;
  try {
    webhook = await findWebhook(triggerId);
    if (!webhook) return unknownWebhook();
    return withCors(await call(request, webhook), request, webhook.settings);
  } catch (error) {
    const requestId = randomUUID();
    const answer = errorResponse(toServiceError(error, { requestId, what: "webhook" }), requestId);
    return webhook ? withCors(answer, request, webhook.settings) : answer;
  }
}

/** The same for a URL that never was one, and for one whose flow is not published, switched off or deleted. */
const unknownWebhook = (): Response =>
  answerError(404, "not_found", "No webhook answers here. Check the URL, and that its flow is published and active.");

async function call(request: Request, webhook: ActiveWebhook): Promise<Response> {
  const { settings } = webhook;
  const method = request.method as (typeof settings.methods)[number] | "OPTIONS";
  if (method === "OPTIONS" || !settings.methods.includes(method)) return withoutStarting(method, settings.methods);
  if (isForeignPage(request, settings)) return answerError(403, "forbidden", "Pages of this origin may not call this webhook.");
  let bytes: Buffer | null = null;
  const body = async () => (bytes ??= await readBody(request, env().MAX_BODY_BYTES));
  const caller = settings.authentication === "none" ? ANYBODY : await checkCaller(request, body, webhook);
  if ("refusal" in caller) return caller.refusal;
  const item = await webhookItem(request, await body(), {
    hiddenHeader: credentialHeader(settings),
    jwtPayload: caller.claims,
    rawBody: settings.rawBody,
  });
  const engine = await getEngine();
  const { executionId } = await engine.start({
    id: newExecutionId(),
    organizationId: webhook.organizationId,
    flowId: webhook.flowId,
    flowName: webhook.flowName,
    flowVersion: webhook.flowVersion,
    graph: webhook.graph,
    mode: "webhook",
    triggerNodeId: webhook.nodeId,
    items: [item],
    variables: {},
    createdById: null,
    retryOfId: null,
    event: { id: newTriggerEventId(), triggerId: webhook.triggerId, type: "webhook", dedupeKey: deliveryKey(request.headers) },
  });
  if (settings.responseMode === "immediately") return answerImmediately(settings, executionId);
  const wantsLast = settings.responseMode === "lastNode";
  const outcome = await outcomeOf(engine, executionId, wantsLast ? "end" : "answer", request.signal);
  if (!outcome) return answerStillRunning(executionId);
  return wantsLast ? answerOfLastNode(settings, executionId, outcome) : answerOfOutcome(executionId, outcome);
}

/** Methods that a webhook does not take start nothing; nor does looking whether it is there. */
function withoutStarting(method: string, allowed: readonly string[]): Response {
  const allow = [...new Set([...allowed, ...(allowed.includes("GET") ? ["HEAD"] : []), "OPTIONS"])].join(", ");
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  if (method === "HEAD" && allowed.includes("GET")) return new Response(null, { status: 200, headers: { allow } });
  return answerError(405, "method_not_allowed", `This webhook takes ${allowed.join(", ")}, not ${method}.`, { allow });
}

/** How the execution ended or answered; null when that takes too long, or the caller left. The execution goes on all the same. */
export async function outcomeOf(
  engine: ExecutionEngine,
  executionId: string,
  until: "answer" | "end",
  caller: AbortSignal,
  timeoutMs = LONGEST_WAIT_MS,
): Promise<ExecutionOutcome | null> {
  const stop = new AbortController();
  const leave = () => stop.abort();
  const timer = setTimeout(leave, timeoutMs);
  caller.addEventListener("abort", leave, { once: true });
  try {
    return await engine.outcome(executionId, until, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return null;
    throw error;
  } finally {
    clearTimeout(timer);
    caller.removeEventListener("abort", leave);
  }
}
