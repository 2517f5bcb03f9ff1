import type { Json, JsonObject } from "../../item";
import type { Source } from "../source";
import { type Call, chosen, given, read, serviceMapping, write } from "./actions";

const base = { tool: "openai", auth: "bearer" } as const;

const messagesOf = (source: Source, path: string): JsonObject[] =>
  source.list(path).map(({ role, content }) => ({ role: role ?? "user", content: content ?? "" }));

const SETTINGS = {
  "options.temperature": "temperature",
  "options.topP": "top_p",
  "options.n": "n",
  "options.frequency_penalty": "frequency_penalty",
  "options.presence_penalty": "presence_penalty",
};

const completion = (source: Source, simplified: string, inputs: JsonObject): Call =>
  write(source.fixedFlag(simplified, true) ? "message-model" : "create-chat-completion", inputs);

function moderation(source: Source, simplified: string, model: Json): Call {
  if (source.fixedFlag(simplified)) source.changed(simplified, "the answer is whole, with categories and scores");
  return read("create-moderation", { input: source.text("input"), model });
}

/** OpenAI 1–1.1 of n8n's first package. */
export const openAi = serviceMapping({
  ...base,
  resource: "text",
  operation: { chat: "complete", image: "create", text: "complete" },
  calls: {
    "chat:complete": (source) =>
      completion(source, "simplifyOutput", {
        model: source.text(source.version >= 1.1 ? "chatModel" : "model", "gpt-3.5-turbo"),
        messages: messagesOf(source, "prompt.messages"),
        ...given(source, { ...SETTINGS, "options.maxTokens": "max_tokens" }),
      }),
    "text:complete": (source) =>
      write(source.fixedFlag("simplifyOutput", true) ? "complete-text" : "create-completion", {
        model: source.text("model", "gpt-3.5-turbo-instruct"),
        prompt: source.text("prompt"),
        ...given(source, { ...SETTINGS, "options.maxTokens": "max_tokens" }),
      }),
    "image:create": (source) => {
      if (source.text("responseFormat", "binaryData") !== "imageUrl") return "gives a picture as a file, which has no counterpart";
      const model = source.text(source.version >= 1.1 ? "imageModel" : "model", "dall-e-2");
      const options = given(source, {
        "options.n": "n",
        "options.size": "size",
        "options.quality": "quality",
        "options.style": "style",
      });
      return write("generate-image", { prompt: source.text("prompt"), model, response_format: "url", ...options });
    },
    "text:moderate": (source) => {
      source.ignore("simplifyOutput");
      return moderation(source, "simplify", source.text("model", "text-moderation-latest"));
    },
  },
});

/** OpenAI 1–2 of n8n's second package. */
export const openAiModel = serviceMapping({
  ...base,
  resource: "text",
  operation: { text: "message", audio: "generate", file: "upload", image: "generate" },
  calls: {
    "text:message": (source) => {
      source.ignore("hideTools", "options.maxToolsIterations");
      if (source.version >= 2) return response(source);
      const asJson = source.fixedFlag("jsonOutput");
      if (asJson) source.changed("jsonOutput", "the content stays text; JSON.parse makes it an object");
      const instruction = { role: "system", content: "You are a helpful assistant designed to output JSON." };
      return completion(source, "simplify", {
        model: chosen(source, "modelId"),
        messages: [...(asJson ? [instruction] : []), ...messagesOf(source, "messages.values")],
        ...(asJson && { response_format: { type: "json_object" } }),
        ...given(source, { ...SETTINGS, "options.maxTokens": "max_completion_tokens", "options.reasoning_effort": "reasoning_effort" }),
      });
    },
    "text:response": (source) => response(source),
    "text:classify": (source) => {
      source.ignore("options.useStableModel");
      return moderation(source, "simplify", "omni-moderation-latest");
    },
    "audio:generate": (source) => {
      if (source.text("options.binaryPropertyOutput", "data") !== "data")
        source.missing("options.binaryPropertyOutput", 'the file is in the field "data"');
      return write("generate-speech", {
        input: source.text("input"),
        model: source.text("model", "tts-1"),
        voice: source.text("voice", "alloy"),
        ...given(source, { "options.response_format": "response_format", "options.speed": "speed" }),
      });
    },
    "audio:transcribe": (source) =>
      read("transcribe-audio", {
        file: source.text("binaryPropertyName", "data"),
        model: "whisper-1",
        ...given(source, { "options.language": "language", "options.temperature": "temperature" }),
      }),
    "audio:translate": (source) =>
      read("translate-audio", {
        file: source.text("binaryPropertyName", "data"),
        model: "whisper-1",
        ...given(source, { "options.temperature": "temperature" }),
      }),
    "file:upload": (source) =>
      write("upload-file", {
        file: source.text("binaryPropertyName", "data"),
        purpose: source.text("options.purpose", source.version >= 2 ? "user_data" : "assistants"),
      }),
    "file:deleteFile": (source) => write("delete-file", { file_id: chosen(source, "fileId") }),
    "file:list": (source) => {
      const purpose = source.text("options.purpose", "any");
      return read("list-files", purpose === "any" ? {} : { purpose });
    },
  },
});

/** Version 2 asks with the Responses API. */
function response(source: Source): Call | string {
  source.ignore("hideTools", "options.maxToolsIterations");
  const values = source.list("responses.values");
  if (values.some(({ type }) => type !== undefined && type !== "text")) return "sends pictures or files, which has no counterpart";
  if (source.fixedFlag("simplify", true))
    source.changed("simplify", "the answer is whole; among its output there may be more than messages, such as reasoning");
  return write("create-response-from-messages", {
    model: chosen(source, "modelId"),
    input: values.map(({ role, content }) => ({ role: role ?? "user", content: content ?? "" })),
    ...given(source, {
      "options.instructions": "instructions",
      "options.maxTokens": "max_output_tokens",
      "options.temperature": "temperature",
      "options.topP": "top_p",
      "options.previousResponseId": "previous_response_id",
      "options.store": "store",
    }),
  });
}

export const anthropicModel = serviceMapping({
  tool: "anthropic",
  auth: "apiKey",
  resource: "text",
  operation: { text: "message", image: "analyze", document: "analyze", file: "upload", prompt: "generate" },
  calls: {
    "text:message": (source) => {
      source.ignore("options.maxToolsIterations");
      if (source.fixedFlag("addAttachments")) return "sends files, which has no counterpart";
      if (source.fixedFlag("simplify", true)) source.note("simplify", "the answer is whole: beside its content it has usage and reason");
      return write("create-message", {
        model: chosen(source, "modelId"),
        messages: messagesOf(source, "messages.values"),
        max_tokens: source.number("options.maxTokens", 1024),
        ...given(source, {
          "options.system": "system",
          "options.temperature": "temperature",
          "options.topP": "top_p",
          "options.topK": "top_k",
        }),
      });
    },
  },
});
