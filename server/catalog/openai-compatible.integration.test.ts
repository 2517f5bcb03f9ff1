import { expect, test, vi } from "vitest";
import { OPENAI_KEY, openai } from "@/server/testing/services/openai";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool(
  "openai-compatible",
  { type: "bearer", fields: (origin) => ({ token: OPENAI_KEY, base_url: `${origin}/v1/` }) },
  openai,
);
const inputs = { model: "mistral-small", messages: [{ role: "user", content: "Hi" }] };

test("A service is asked at the base URL of its credential", async () => {
  const { lastItems } = await tool.run("message-model", inputs);
  expect(lastItems?.[0]?.json).toMatchObject({ message: { content: "You said: Hi" } });
  expect(tool.seen[0]).toMatchObject({ path: "/v1/chat/completions", headers: { authorization: `Bearer ${OPENAI_KEY}` } });
  expect((await tool.call("list-models", {})).answer.success).toBe(true);
  expect(await tool.test()).toMatchObject({ ok: true });
});

test("A credential without a base URL is refused before anything is sent", async () => {
  const { ok, message } = await tool.test({ type: "bearer", fields: { token: OPENAI_KEY } });
  expect([ok, message]).toEqual([false, expect.stringContaining('"base_url"')]);
  expect(tool.seen).toEqual([]);
});
