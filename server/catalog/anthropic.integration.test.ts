import { expect, test, vi } from "vitest";
import { ANTHROPIC_KEY, anthropic } from "@/server/testing/services/anthropic";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("anthropic", { type: "api_key", fields: { api_key: ANTHROPIC_KEY } }, anthropic);
const model = "claude-sonnet-4-5";

test("Claude answers a prompt, with a limit even where none was set", async () => {
  const { status, lastItems } = await tool.run(
    "ask",
    { model, prompt: "={{ $json.text }}", system: "Be brief" },
    { items: [{ json: { text: "Hi" } }] },
  );
  expect(status).toBe("succeeded");
  expect(lastItems?.[0]?.json).toMatchObject({ content: [{ type: "text", text: "You said: Hi" }], stop_reason: "end_turn" });
  expect(tool.seen[0]).toMatchObject({ headers: { "anthropic-version": "2023-06-01", "x-api-key": ANTHROPIC_KEY } });
  expect(tool.seen[0]?.json).toEqual({ model, system: "Be brief", max_tokens: 1024, messages: [{ role: "user", content: "Hi" }] });
});

test("A conversation goes on, its tokens are counted, and models come page by page", async () => {
  const messages = [{ role: "user", content: "Hi" }];
  expect((await tool.call("create-message", { model, max_tokens: 64, messages, stop_sequences: ["END"] })).answer.success).toBe(true);
  expect(tool.seen[0]?.json).toEqual({ model, max_tokens: 64, messages, stop_sequences: ["END"] });
  expect((await tool.run("count-tokens", { model, messages })).lastItems?.[0]?.json).toEqual({ input_tokens: 12 });
  const models = await tool.run("list-models", {}, { returnAll: true });
  expect(models.lastItems?.map(({ json }) => json.id)).toEqual(["claude-sonnet-4-5", "claude-haiku-4-5"]);
});

test("The results of a batch are text, line by line", async () => {
  const { lastItems } = await tool.run("get-message-batch-results", { message_batch_id: "msgbatch_1" });
  expect(JSON.stringify(lastItems?.[0]?.json)).toContain('custom_id\\":\\"two');
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("ask", { model: "claude-busy", prompt: "Hi" });
  expect([status, error?.message]).toEqual(["failed", expect.stringMatching(/answered 529.*: Overloaded/)]);
  expect((await tool.call("ask", { model })).status).toBe(400);
  expect((await tool.call("get-model", { model_id: "none" })).answer).toMatchObject({ success: false, status: 404 });
});

test("The test button tells a good key from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "Anthropic accepts it" });
  expect(await tool.test({ type: "api_key", fields: { api_key: "sk-ant-of-somebody" } })).toMatchObject({ ok: false });
});
