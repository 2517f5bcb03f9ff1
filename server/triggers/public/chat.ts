import { z } from "zod";
import { env } from "../../env";
import type { ExecutionOutcome } from "../../execution/engine";
import { parseJson, readBody } from "../../rest/body";
import { parse } from "../../services/parse";
import { outcomeOf } from "../webhook";
import { answerJson } from "../webhook-answer";
import { answering, begin, saidBy } from "./answer-public";
import { chatPage } from "./chat-page";
import { type ChatSettings, findDraft, findPublished, type PublicTrigger } from "./find";
import { answerAbsent, refuseStranger } from "./page";

type Chat = PublicTrigger<ChatSettings>;

const messageSchema = z.object({
  sessionId: z.string().min(1).max(200),
  action: z.literal("sendMessage").default("sendMessage"),
  chatInput: z.string().trim().min(1, "must not be empty").max(50_000),
  /** Names the message: sent again it starts nothing new. */
  messageId: z.string().max(100).optional(),
});

/** A chat's page, and its messages: each is an arrival that starts the flow once, and is answered when the flow has an answer. */
export const handleChat = (request: Request, triggerId: string): Promise<Response> =>
  answering("chat", () => handle(request, () => findPublished("chat", triggerId)));

/** The chat as its draft is now. Messages go to the editor, and start nothing. */
export const handleTestChat = (request: Request, triggerId: string): Promise<Response> =>
  answering("chat", () => handle(request, () => findDraft("chat", triggerId)));

async function handle(request: Request, find: () => Promise<Chat | null>): Promise<Response> {
  const chat = await find();
  if (!chat) return answerAbsent();
  const refusal = refuseStranger(request, chat);
  if (refusal) return refusal;
  if (request.method !== "POST") return chatPage(chat.settings, !chat.live);
  const { messageId, ...message } = parse(messageSchema, parseJson(await readBody(request, env().MAX_BODY_BYTES)));
  const dedupeKey = messageId ? `chat:${message.sessionId}:${messageId}` : null;
  const begun = await begin("chat", chat, { json: message }, { dedupeKey, waits: true });
  if ("keptFor" in begun) return answerJson(200, { output: "Test message received. It is in the editor now; nothing was started." });
  const wantsLast = chat.settings.responseMode === "lastNode";
  const outcome = await outcomeOf(begun.engine, begun.executionId, wantsLast ? "end" : "answer", request.signal);
  if (!outcome) return answerJson(202, { output: "This takes longer. The flow is still at work.", executionId: begun.executionId });
  return answerOf(outcome, begun.executionId);
}

function answerOf(outcome: ExecutionOutcome, executionId: string): Response {
  if (outcome.response) {
    const { body, bodyIsBase64, headers } = outcome.response;
    const text = bodyIsBase64 ? Buffer.from(body, "base64").toString("utf8") : body;
    const isJson = Object.entries(headers).some(([name, value]) => name.toLowerCase() === "content-type" && value.includes("json"));
    return answerJson(200, { output: isJson ? textOfJson(text) : text, executionId });
  }
  if (outcome.status !== "succeeded") return answerJson(500, { error: "The flow could not answer.", executionId });
  const said = saidBy(outcome.lastItems) ?? (outcome.lastItems?.[0] ? JSON.stringify(outcome.lastItems[0].json) : "");
  return answerJson(200, { output: said, executionId });
}

function textOfJson(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "string") return value;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (saidBy([{ json: value as Record<string, never> }]) ?? text)
      : text;
  } catch {
    return text;
  }
}
