import { defineTool } from "@/flow/tools/define-tool";
import { choice, fromInputs, limit, list, longText, number, object, required, text, texts } from "./inputs";

const MODEL = "claude-sonnet-5-5";
const message = { type: "object", required: ["role", "content"], properties: { role: { type: "string", enum: ["user", "assistant"] } } };
const conversation = [
  required(text("model", "Model", { default: MODEL })),
  required(list("messages", "Messages", 'By turns: [{"role": "user", "content": "Hello"}, …]. Content may be a list of blocks.', message)),
  longText("system", "System prompt", "What the model should know and how it should answer."),
];
const tools = [
  list("tools", "Tools", "Tools that the model may use, each with name, description and input_schema.", { type: "object" }),
  object("tool_choice", "Use of tools", '{"type": "auto"}, {"type": "any"} or {"type": "tool", "name": "…"}.'),
  object(
    "thinking",
    "Thinking",
    '{"type": "adaptive"} or {"type": "disabled"}; of older models {"type": "enabled", "budget_tokens": 2048}.',
  ),
];
const settings = [
  required(number("max_tokens", "Most tokens", { default: 1024, validation: { min: 1 } })),
  number("temperature", "Temperature", { description: "The newest models take none.", validation: { min: 0, max: 1 } }),
  number("top_p", "Top P", { validation: { min: 0, max: 1 } }),
  number("top_k", "Top K", { validation: { min: 0 } }),
  texts("stop_sequences", "Stop texts", "Texts that end the answer."),
];
const answer = {
  id: "msg_013Zva2CMHLNnXjNJJKqJ2EF",
  type: "message",
  role: "assistant",
  model: MODEL,
  content: [{ type: "text", text: "Hi! My name is Claude." }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 2095, output_tokens: 503 },
};

export const anthropic = defineTool({
  key: "anthropic",
  name: "Anthropic",
  description: "Messages of Claude, batches and token counts of Anthropic's API.",
  icon: "sparkles",
  baseUrl: "https://api.anthropic.com/v1",
  auth: { type: "apiKey", in: "header", name: "x-api-key" },
  headers: { "anthropic-version": "2023-06-01" },
  test: { action: "list-models", inputs: { limit: 1 } },
  actions: [
    {
      key: "ask",
      name: "Ask Claude",
      description: "An answer to one prompt.",
      group: "Messages",
      method: "POST",
      endpoint: "/messages",
      inputSchema: [
        required(text("model", "Model", { default: MODEL })),
        required(longText("prompt", "Prompt")),
        longText("system", "System prompt"),
        ...settings,
      ],
      bodyType: "json",
      body: {
        ...fromInputs("model", "system", "max_tokens", "temperature", "top_p", "top_k", "stop_sequences"),
        messages: [{ role: "user", content: "{{inputs.prompt}}" }],
      },
      sample: answer,
    },
    {
      key: "create-message",
      name: "Create a message",
      description: "The next message of a conversation, with tools and thinking where wanted.",
      group: "Messages",
      method: "POST",
      endpoint: "/messages",
      inputSchema: [
        ...conversation,
        ...settings,
        ...tools,
        choice("service_tier", "Service tier", ["auto", "standard_only"]),
        object("metadata", "Metadata", '{"user_id": "…"}, an id for the person on whose behalf this is.'),
      ],
      sample: answer,
    },
    {
      key: "count-tokens",
      name: "Count tokens",
      description: "How many tokens a conversation has, before it is sent.",
      group: "Messages",
      method: "POST",
      endpoint: "/messages/count_tokens",
      effect: "read",
      inputSchema: [...conversation, ...tools],
      sample: { input_tokens: 2095 },
    },
    {
      key: "list-models",
      name: "List models",
      group: "Models",
      endpoint: "/models",
      inputSchema: [limit("limit", 1000), text("after_id", "After", "Id of the last model of the page before.")],
      response: { items: "data" },
      pagination: { type: "last", field: "id", more: "has_more", name: "after_id" },
      sample: {
        data: [{ type: "model", id: "claude-sonnet-5-5", display_name: "Claude Sonnet 5.5", created_at: "2026-09-29T00:00:00Z" }],
        first_id: "claude-sonnet-5-5",
        has_more: false,
        last_id: "claude-sonnet-5-5",
      },
    },
    {
      key: "get-model",
      name: "Get a model",
      group: "Models",
      endpoint: "/models/{model_id}",
      inputSchema: [required(text("model_id", "Model"))],
      sample: { type: "model", id: "claude-sonnet-5-5", display_name: "Claude Sonnet 5.5", created_at: "2026-09-29T00:00:00Z" },
    },
    {
      key: "create-message-batch",
      name: "Create a batch of messages",
      description: "Many messages at half the price, answered within a day.",
      group: "Batches",
      method: "POST",
      endpoint: "/messages/batches",
      inputSchema: [
        required(
          list("requests", "Requests", 'Each {"custom_id": "…", "params": {model, max_tokens, messages, …}}.', {
            type: "object",
            required: ["custom_id", "params"],
            properties: { custom_id: { type: "string" }, params: { type: "object" } },
          }),
        ),
      ],
      sample: {
        id: "msgbatch_013Zva2CMHLNnXjNJJKqJ2EF",
        type: "message_batch",
        processing_status: "in_progress",
        request_counts: { processing: 100, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
        results_url: null,
      },
    },
    {
      key: "get-message-batch",
      name: "Get a batch",
      group: "Batches",
      endpoint: "/messages/batches/{message_batch_id}",
      inputSchema: [required(text("message_batch_id", "Batch", "Id of the batch."))],
      sample: { id: "msgbatch_013Zva2CMHLNnXjNJJKqJ2EF", type: "message_batch", processing_status: "ended" },
    },
    {
      key: "get-message-batch-results",
      name: "Get the results of a batch",
      description: "Text with one JSON object in each line.",
      group: "Batches",
      endpoint: "/messages/batches/{message_batch_id}/results",
      inputSchema: [required(text("message_batch_id", "Batch", "Id of the batch."))],
      response: { format: "text" },
      sample: '{"custom_id":"my-second-request","result":{"type":"succeeded","message":{"id":"msg_014VwiXbi91y3JMjcpyGBHX5"}}}',
    },
    {
      key: "cancel-message-batch",
      name: "Cancel a batch",
      group: "Batches",
      method: "POST",
      endpoint: "/messages/batches/{message_batch_id}/cancel",
      inputSchema: [required(text("message_batch_id", "Batch", "Id of the batch."))],
      sample: { id: "msgbatch_013Zva2CMHLNnXjNJJKqJ2EF", type: "message_batch", processing_status: "canceling" },
    },
  ],
});
