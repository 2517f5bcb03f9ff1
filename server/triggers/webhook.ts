import { randomUUID } from "node:crypto";
import type { Item } from "@/flow/item";
import { env } from "../env";
import type { ExecutionEngine, ExecutionOutcome } from "../execution/engine";
import { getEngine } from "../execution/get-engine";
import { newExecutionId, newTriggerEventId } from "../execution/ids";
import type { IncomingCall } from "../http/incoming-call";
import { readBody } from "../rest/body";
import { errorResponse } from "../rest/errors";
import { toServiceError } from "../services/to-service-error";
import { keepArrival } from "./held-arrivals";
import { type Arrival, startOrKeep } from "./start-or-keep";
import {
  answerError,
  answerFull,
  answerImmediately,
  answerKept,
  answerOfLastNode,
  answerOfOutcome,
  answerRefused,
  answerStillRunning,
} from "./webhook-answer";
import { type Caller, checkCaller, credentialHeader } from "./webhook-caller";
import { isForeignPage, withCors } from "./webhook-cors";
import { deliveryKey, webhookItem } from "./webhook-item";
import { matchPath, pathBelowHook } from "./webhook-path";
import { type ActiveWebhook, findWebhook, type HoldingWebhook, type Webhook } from "./webhook-registry";
import { findTestWebhook } from "./webhook-test";

const ANYBODY: Caller = {};

/** How long a caller is kept waiting for a flow to finish; proxies in between seldom wait longer. */
const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * One call of a webhook's URL: recorded before it is answered, started at most once. The hot path: no ORM, one prepared
 * statement besides the engine's own. While the flow is off or cannot be read, calls are kept.
 */
export const handleWebhook = (request: IncomingCall, triggerId: string): Promise<Response> => handle(request, triggerId, findWebhook);

/** One call of a webhook's test URL: checked as the draft says, kept for the editor, starts nothing. */
export const handleTestWebhook = (request: IncomingCall, triggerId: string): Promise<Response> =>
  handle(request, triggerId, findTestWebhook);

async function handle(
  request: IncomingCall,
  triggerId: string,
  find: (triggerId: string) => Promise<ActiveWebhook | HoldingWebhook | null>,
): Promise<Response> {
  let webhook: ActiveWebhook | HoldingWebhook | null = null;
  try {
    webhook = await find(triggerId);
    if (!webhook) return unknownWebhook();
    const item = await receive(request, webhook);
    const answer = item instanceof Response ? item : await (webhook.heldFor ? keep(request, webhook, item) : start(request, webhook, item));
    return withCors(answer, request, webhook.settings);
  } catch (error) {
    const requestId = randomUUID();
    const answer = errorResponse(toServiceError(error, { requestId, what: "webhook" }), requestId);
    return webhook ? withCors(answer, request, webhook.settings) : answer;
  }
}

/** The same for a URL that never was one, and for one whose flow is not published or deleted. */
const unknownWebhook = (): Response =>
  answerError(404, "not_found", "No webhook answers here. Check the URL, and that its flow is published.");

/** What a call brings, once it may; else what it is answered. */
async function receive(request: IncomingCall, webhook: Webhook): Promise<Item | Response> {
  const { settings } = webhook;
  const params = matchPath(settings.path, pathBelowHook(request.url));
  if (!params) return unknownWebhook();
  const method = request.method as (typeof settings.methods)[number] | "OPTIONS";
  if (method === "OPTIONS" || !settings.methods.includes(method)) return withoutStarting(method, settings.methods);
  if (isForeignPage(request, settings)) return answerError(403, "forbidden", "Pages of this origin may not call this webhook.");
  let bytes: Buffer | null = null;
  const body = async () => (bytes ??= await readBody(request, env().MAX_BODY_BYTES));
  const caller = settings.authentication === "none" ? ANYBODY : await checkCaller(request, body, webhook);
  if ("refusal" in caller) return caller.refusal;
  return webhookItem(request, await body(), {
    hiddenHeader: credentialHeader(settings),
    jwtPayload: caller.claims,
    rawBody: settings.rawBody,
    params,
  });
}

async function start(request: IncomingCall, webhook: ActiveWebhook, item: Item): Promise<Response> {
  const { settings, triggerId } = webhook;
  const engine = await getEngine();
  const answersAtOnce = settings.responseMode === "immediately";
  const arrival: Arrival = {
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
    event: { id: newTriggerEventId(), triggerId, type: "webhook", dedupeKey: deliveryKey(request.headers) },
  };
  const begun = await startOrKeep(engine, arrival, answersAtOnce ? "busy" : "refused");
  if ("arrivalId" in begun) return answersAtOnce ? answerKept("busy", begun.arrivalId) : answerRefused(begun);
  const { executionId } = begun;
  if (answersAtOnce) return answerImmediately(settings, executionId);
  const wantsLast = settings.responseMode === "lastNode";
  const outcome = await outcomeOf(engine, executionId, wantsLast ? "end" : "answer", request.signal);
  if (!outcome) return answerStillRunning(executionId);
  return wantsLast ? answerOfLastNode(settings, executionId, outcome) : answerOfOutcome(executionId, outcome);
}

async function keep(request: IncomingCall, webhook: HoldingWebhook, item: Item): Promise<Response> {
  const { organizationId, flowId, triggerId, heldFor } = webhook;
  // Whoever tries out a flow sends the same delivery again and again.
  const dedupeKey = heldFor === "test" ? null : deliveryKey(request.headers);
  const arrivalId = await keepArrival({ organizationId, flowId, triggerId, heldFor, dedupeKey, items: [item] });
  return arrivalId === null ? answerFull() : answerKept(heldFor, arrivalId);
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
