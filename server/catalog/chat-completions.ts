import type { z } from "zod";
import type { actionSchema } from "@/flow/tools/schema";
import { choice, flag, list, longText, number, object, required, text, texts } from "./inputs";

type ActionSource = z.input<typeof actionSchema>;

const message = {
  type: "object",
  required: ["role"],
  properties: { role: { type: "string", enum: ["system", "developer", "user", "assistant", "tool"] } },
};

const model = (name: string) => required(text("model", "Model", { description: "Id of the model.", default: name }));
const messages = required(
  list(
    "messages",
    "Messages",
    'The conversation so far: [{"role": "user", "content": "Hello"}, …]. Content may be a list of parts.',
    message,
  ),
);
const inputs = (name: string): ActionSource["inputSchema"] => [
  model(name),
  messages,
  number("temperature", "Temperature", {
    description: "Higher values are more random. Some reasoning models take none.",
    validation: { min: 0, max: 2 },
  }),
  number("max_completion_tokens", "Most tokens", { description: "Bound for the answer, reasoning included.", validation: { min: 1 } }),
  number("max_tokens", "Most tokens (older)", { description: "What older models and other services call it.", validation: { min: 1 } }),
  number("top_p", "Top P", { description: "Only tokens that make up this share of probability.", validation: { min: 0, max: 1 } }),
  number("n", "Answers", { description: "How many answers to give.", validation: { min: 1, max: 128 } }),
  texts("stop", "Stop texts", "Up to four texts that end the answer."),
  number("frequency_penalty", "Frequency penalty", { validation: { min: -2, max: 2 } }),
  number("presence_penalty", "Presence penalty", { validation: { min: -2, max: 2 } }),
  number("seed", "Seed", "Makes answers repeatable as far as the service can."),
  object("response_format", "Answer format", 'For JSON: {"type": "json_object"}, or {"type": "json_schema", "json_schema": {…}}.'),
  choice("reasoning_effort", "Reasoning effort", ["none", "minimal", "low", "medium", "high"], "For reasoning models."),
  list("tools", "Tools", "Functions that the model may ask to be called.", { type: "object" }),
  choice("tool_choice", "Use of tools", ["auto", "none", "required"]),
  flag("parallel_tool_calls", "Several tools at once"),
  text("user", "End user", "An id for the person on whose behalf this is."),
];

const answer = {
  index: 0,
  message: { role: "assistant", content: "Hello! How can I assist you today?", refusal: null, annotations: [] },
  logprobs: null,
  finish_reason: "stop",
};

/** What all services that speak OpenAI's chat API can do. @param name A model that there is. */
export const chatActions = (name: string): ActionSource[] => [
  {
    key: "message-model",
    name: "Message a model",
    description: "Sends messages to a model and gives its answers, one item for each.",
    group: "Chat",
    method: "POST",
    endpoint: "/chat/completions",
    inputSchema: inputs(name),
    response: { items: "choices" },
    sample: { choices: [answer] },
  },
  {
    key: "create-chat-completion",
    name: "Create a chat completion",
    description: "The same with the answer whole: id, usage and all choices in one item.",
    group: "Chat",
    method: "POST",
    endpoint: "/chat/completions",
    inputSchema: inputs(name),
    sample: {
      id: "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
      object: "chat.completion",
      created: 1741569952,
      model: name,
      choices: [answer],
      usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 },
    },
  },
  {
    key: "create-embedding",
    name: "Create an embedding",
    description: "The vector of a text, for comparing and searching by meaning.",
    group: "Embeddings",
    method: "POST",
    endpoint: "/embeddings",
    effect: "read",
    inputSchema: [
      required(longText("input", "Text")),
      required(text("model", "Model", { default: "text-embedding-3-small" })),
      number("dimensions", "Dimensions", { description: "Length of the vector, where the model lets one choose.", validation: { min: 1 } }),
    ],
    response: { items: "data" },
    sample: {
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [0.0023064255, -0.009327292, -0.0028842222] }],
      model: "text-embedding-3-small",
      usage: { prompt_tokens: 8, total_tokens: 8 },
    },
  },
  {
    key: "create-embeddings",
    name: "Create embeddings",
    description: "The vectors of several texts, one item for each.",
    group: "Embeddings",
    method: "POST",
    endpoint: "/embeddings",
    effect: "read",
    inputSchema: [
      required(texts("input", "Texts", "A list of texts.")),
      required(text("model", "Model", { default: "text-embedding-3-small" })),
      number("dimensions", "Dimensions", { validation: { min: 1 } }),
    ],
    response: { items: "data" },
    sample: {
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [0.0023064255, -0.009327292] }],
      model: "text-embedding-3-small",
      usage: { prompt_tokens: 8, total_tokens: 8 },
    },
  },
  {
    key: "list-models",
    name: "List models",
    group: "Models",
    endpoint: "/models",
    response: { items: "data" },
    sample: { object: "list", data: [{ id: name, object: "model", created: 1686935002, owned_by: "openai" }] },
  },
  {
    key: "get-model",
    name: "Get a model",
    group: "Models",
    endpoint: "/models/{model}",
    inputSchema: [required(text("model", "Model"))],
    sample: { id: name, object: "model", created: 1686935002, owned_by: "openai" },
  },
];
