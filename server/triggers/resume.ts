import { randomUUID } from "node:crypto";
import { z } from "zod";
import { executionStatusSchema, isTerminal } from "@/flow/execution/status";
import type { Json } from "@/flow/item";
import { db } from "../db";
import { env } from "../env";
import { readBody } from "../rest/body";
import { errorResponse } from "../rest/errors";
import { deliver } from "../services/executions/resume";
import { type WaitingStep, waitingSteps } from "../services/executions/waiting";
import { text } from "../services/parse";
import { toServiceError } from "../services/to-service-error";
import { decidedPage, decisionPage } from "./decision-page";
import { formUrl, isResumeToken } from "./resume-links";
import { answerError, answerJson } from "./webhook-answer";
import { webhookItem } from "./webhook-item";

/**
 * A call of a resume link. A wait for a call takes any method. A wait for a decision changes nothing on GET, because programs
 * that scan mails follow every link in them: a page asks, and its button posts.
 */
export async function handleResume(request: Request, { executionId, token }: { executionId: string; token: string }): Promise<Response> {
  try {
    if (!isResumeToken(executionId, token)) return gone();
    const execution = await db().execution.findUnique({ where: { id: executionId }, select: { organizationId: true, status: true } });
    if (!execution || isTerminal(executionStatusSchema.parse(execution.status))) return gone();
    const waiting = await waitingSteps(executionId);
    const step = pick(
      waiting.filter(({ suspend }) => suspend.form !== "form"),
      request,
    );
    // A page of a form is filled in where its fields are checked.
    if (!step && request.method === "GET" && waiting.length > 0) return Response.redirect(formUrl(executionId), 303);
    if (!step) return gone();
    if (request.method === "OPTIONS") return new Response(null, { status: 204 });
    const isApproval = step.suspend.form === "approval";
    // Next.js leaves the body of an answer to HEAD away.
    if (isApproval && (request.method === "GET" || request.method === "HEAD")) return decisionPage();
    const item = await webhookItem(request, await readBody(request, env().MAX_BODY_BYTES));
    const payload = isApproval ? decisionOf(item.json.body ?? null) : item.json;
    if (!payload) return answerError(422, "invalid", 'Send {"approved": true} or {"approved": false}, and a "comment" if you like.');
    await deliver({ organizationId: execution.organizationId, executionId, key: step.key, payload });
    const isForm = isApproval && request.headers.get("content-type")?.includes("form");
    return isForm ? decidedPage() : answerJson(200, { message: "The flow goes on", executionId });
  } catch (error) {
    const requestId = randomUUID();
    return errorResponse(toServiceError(error, { requestId, what: "resume" }), requestId);
  }
}

/** The same whether the link is wrong, the execution is gone or has ended, or someone was quicker. */
const gone = (): Response => answerError(404, "not_found", "Nothing waits here (any more).");

/** The step that `?step=` names, else the one that has waited longest. */
function pick(steps: WaitingStep[], request: Request): WaitingStep | undefined {
  const wanted = new URL(request.url).searchParams.get("step");
  return wanted === null ? steps[0] : steps.find(({ key }) => key === wanted);
}

const decisionSchema = z.object({
  approved: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]),
  comment: text(2000).default(""),
});

function decisionOf(body: Json): Json {
  const decision = decisionSchema.safeParse(body);
  return decision.success ? { ...decision.data, by: "link", at: new Date().toISOString() } : null;
}
