import { defineTool } from "@/flow/tools/define-tool";
import { chatActions } from "./chat-completions";

/** Mistral, Groq, OpenRouter, Together, Azure, vLLM, Ollama and others that answer as OpenAI's chat API does. */
export const openaiCompatible = defineTool({
  key: "openai-compatible",
  name: "OpenAI-compatible chat",
  description: "Models of any service that speaks OpenAI's chat API, at the base URL of its credential.",
  icon: "bot-message-square",
  baseUrl: "https://{{auth.base_url}}",
  auth: { type: "bearer" },
  test: { action: "list-models" },
  actions: chatActions("mistral-small-latest"),
});
