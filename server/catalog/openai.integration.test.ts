import { expect, test, vi } from "vitest";
import { OPENAI_KEY, openai } from "@/server/testing/services/openai";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("openai", { type: "bearer", fields: { token: OPENAI_KEY } }, openai);
const model = "gpt-5-mini";

test("A model answers each item, with what was set and nothing else", async () => {
  const inputs = { model, messages: [{ role: "user", content: "={{ $json.text }}" }], temperature: 0.5, n: 2 };
  const { status, lastItems } = await tool.run("message-model", inputs, { items: [{ json: { text: "Hi" } }, { json: { text: "Ho" } }] });
  expect(status).toBe("succeeded");
  expect(lastItems?.map(({ json }) => (json as { message: { content: string } }).message.content)).toEqual([
    "You said: Hi",
    "You said: Hi",
    "You said: Ho",
    "You said: Ho",
  ]);
  expect(tool.seen[0]?.json).toEqual({ model, messages: [{ role: "user", content: "Hi" }], temperature: 0.5, n: 2 });
});

test("The whole answer has its usage", async () => {
  const { lastItems } = await tool.run("create-chat-completion", { model, messages: [{ role: "user", content: "Hi" }] });
  expect(lastItems?.[0]?.json).toMatchObject({ id: "chatcmpl-1", usage: { total_tokens: 29 } });
});

test("A response is asked for with its settings where the service has them", async () => {
  const { status } = await tool.run("create-response", { model, input: "Hi", reasoning_effort: "low" });
  expect(status).toBe("succeeded");
  expect(tool.seen[0]?.json).toEqual({ model, input: "Hi", reasoning: { effort: "low" } });
});

test("Speech is a file, and a recording is sent as one", async () => {
  const spoken = await tool.run("generate-speech", { input: "Hi", model: "tts-1", voice: "alloy" });
  expect(spoken.lastItems?.[0]?.binary?.data).toMatchObject({ mimeType: "audio/mpeg" });
  const data = { mimeType: "audio/mpeg", fileName: "a.mp3", data: Buffer.from("ID3").toString("base64") };
  const { lastItems } = await tool.run(
    "transcribe-audio",
    { file: "data", model: "whisper-1" },
    { items: [{ json: {}, binary: { data } }] },
  );
  expect(lastItems?.[0]?.json).toEqual({ text: "Hello there" });
});

test("Embeddings are an item for each text, and lists go on after their last entry", async () => {
  const { lastItems } = await tool.run("create-embeddings", { model: "text-embedding-3-small", input: ["a", "b"] });
  expect(lastItems?.map(({ json }) => json.index)).toEqual([0, 1]);
  const files = await tool.run("list-files", {}, { returnAll: true });
  expect(files.lastItems?.map(({ json }) => json.id)).toEqual(["file-1", "file-2"]);
});

test("What the service refuses is said in its words, to a flow and to the API", async () => {
  const inputs = { model: "gpt-0", messages: [{ role: "user", content: "Hi" }] };
  const { status, error } = await tool.run("message-model", inputs);
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 404 Not Found: The model `gpt-0` does not exist")]);
  const { answer } = await tool.call("message-model", inputs);
  expect(answer).toMatchObject({ success: false, status: 404, data: { error: { code: "model_not_found" } } });
  expect((await tool.call("message-model", { model, messages: [{ content: "Hi" }] })).status).toBe(400);
  expect(JSON.stringify((await tool.call("list-models", {})).answer)).not.toContain(OPENAI_KEY);
});

test("The test button tells a good key from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "OpenAI accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "sk-of-somebody-else" } })).toMatchObject({ ok: false });
});
