import type { JsonObject } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const OPENAI_KEY = "sk-proj-0123456789abcdefghijklmnop";

const refused = (status: number, message: string, code: string | null = null): ServiceAnswer => ({
  status,
  body: { error: { message, type: "invalid_request_error", param: null, code } },
});

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** OpenAI's API as platform.openai.com/docs/api-reference describes it. Models answer with what they were asked. */
export function openai({ method, path, query, headers, body, json }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bearer ${OPENAI_KEY}`) return refused(401, "Incorrect API key provided.", "invalid_api_key");
  const type = headers["content-type"] ?? "";
  const isJson = type.startsWith("application/json");
  switch (`${method} ${path}`) {
    case "POST /v1/chat/completions": {
      const messages = json.messages as JsonObject[] | undefined;
      if (!isJson || !isText(json.model)) return refused(400, "you must provide a model parameter");
      if (!messages?.length) return refused(400, "Invalid 'messages': empty array.");
      if (json.model === "gpt-0")
        return refused(404, "The model `gpt-0` does not exist or you do not have access to it.", "model_not_found");
      const content = `You said: ${String(messages.at(-1)?.content)}`;
      const choice = (index: number) => ({ index, message: { role: "assistant", content, refusal: null }, finish_reason: "stop" });
      const choices = Array.from({ length: Number(json.n ?? 1) }, (_, index) => choice(index));
      const usage = { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 };
      return { body: { id: "chatcmpl-1", object: "chat.completion", created: 1741569952, model: json.model, choices, usage } };
    }
    case "POST /v1/responses":
      if (!isText(json.input)) return refused(400, "Missing required parameter: 'input'.");
      return {
        body: {
          id: "resp_1",
          object: "response",
          status: "completed",
          output: [
            { type: "message", role: "assistant", content: [{ type: "output_text", text: `You said: ${json.input}`, annotations: [] }] },
          ],
        },
      };
    case "POST /v1/embeddings": {
      const inputs = Array.isArray(json.input) ? json.input : [json.input];
      const data = inputs.map((_, index) => ({ object: "embedding", index, embedding: [0.25, -0.5] }));
      return { body: { object: "list", data, model: json.model ?? null, usage: { prompt_tokens: 8, total_tokens: 8 } } };
    }
    case "POST /v1/audio/speech":
      return { headers: { "content-type": "audio/mpeg" }, body: new TextEncoder().encode(`ID3 ${String(json.input)}`) };
    case "POST /v1/audio/transcriptions":
      if (!type.startsWith("multipart/form-data")) return refused(400, "Could not parse multipart form");
      if (!/name="file"; filename="[^"]+"/.test(body) || !body.includes('name="model"')) return refused(400, "you must provide a file");
      return { body: { text: "Hello there" } };
    case "GET /v1/models":
      return { body: { object: "list", data: [{ id: "gpt-5-mini", object: "model", created: 1686935002, owned_by: "openai" }] } };
    case "GET /v1/files": {
      const first = query.after === undefined;
      const id = first ? "file-1" : "file-2";
      return { body: { object: "list", data: [{ id, object: "file", purpose: query.purpose ?? "user_data" }], has_more: first } };
    }
    case "GET /v1/busy":
      return refused(429, "Rate limit reached");
    default:
      return refused(404, `Invalid URL (${method} ${path})`);
  }
}
