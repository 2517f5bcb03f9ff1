import type { JsonObject } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const ANTHROPIC_KEY = "sk-ant-api03-0123456789abcdefghijkl";

const refused = (status: number, type: string, message: string): ServiceAnswer => ({
  status,
  headers: { "request-id": "req_1" },
  body: { type: "error", error: { type, message }, request_id: "req_1" },
});

/** Anthropic's API as docs.claude.com/en/api describes it. Models answer with what they were asked. */
export function anthropic({ method, path, query, headers, json }: ServiceRequest): ServiceAnswer {
  if (headers["x-api-key"] !== ANTHROPIC_KEY) return refused(401, "authentication_error", "invalid x-api-key");
  if (!headers["anthropic-version"]) return refused(400, "invalid_request_error", "anthropic-version: header is required");
  switch (`${method} ${path}`) {
    case "POST /v1/messages": {
      const messages = json.messages as JsonObject[] | undefined;
      if (typeof json.max_tokens !== "number") return refused(400, "invalid_request_error", "max_tokens: Field required");
      if (!messages?.length) return refused(400, "invalid_request_error", "messages: at least one message is required");
      if (json.model === "claude-busy") return refused(529, "overloaded_error", "Overloaded");
      const content = [{ type: "text", text: `You said: ${String(messages.at(-1)?.content)}` }];
      const usage = { input_tokens: 12, output_tokens: 6 };
      return {
        body: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: json.model ?? null,
          content,
          stop_reason: "end_turn",
          stop_sequence: null,
          usage,
        },
      };
    }
    case "POST /v1/messages/count_tokens":
      return { body: { input_tokens: 12 } };
    case "GET /v1/models": {
      const first = query.after_id === undefined;
      const id = first ? "claude-sonnet-4-5" : "claude-haiku-4-5";
      return { body: { data: [{ type: "model", id, display_name: id }], first_id: id, last_id: id, has_more: first } };
    }
    case "GET /v1/messages/batches/msgbatch_1/results": {
      const line = (id: string) => `${JSON.stringify({ custom_id: id, result: { type: "succeeded" } })}\n`;
      return { headers: { "content-type": "application/x-jsonl" }, body: line("one") + line("two") };
    }
    default:
      return refused(404, "not_found_error", "Not found");
  }
}
