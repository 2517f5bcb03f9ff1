import { expect, test, vi } from "vitest";
import { DISCORD_TOKEN, discord } from "@/server/testing/services/discord";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("discord", { type: "bearer", fields: { token: DISCORD_TOKEN } }, discord);

test("A message and a file are sent as the bot", async () => {
  const { lastItems } = await tool.run("send-message", { channel_id: "2", content: "Hi", reply_to: "5" });
  expect(lastItems?.[0]?.json).toMatchObject({ id: "9", content: "Hi", message_reference: { message_id: "5" } });
  const items = [{ json: {}, binary: { data: { mimeType: "text/plain", fileName: "a.txt", data: "SGVsbG8=" } } }];
  const file = await tool.run("send-file", { channel_id: "2", content: "A file", file: "data" }, { items });
  expect(file.lastItems?.[0]?.json.sent).toContain('name="files[0]"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nHello');
  const reaction = await tool.run("add-reaction", { channel_id: "2", message_id: "9", emoji: "👍" });
  expect(reaction.status).toBe("succeeded");
});

test("A list goes on before its last message until a page is short", async () => {
  const { lastItems } = await tool.run("list-messages", { channel_id: "2", limit: 2 }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["5", "4", "3", "2", "1"]);
  expect(tool.seen.map(({ query }) => query.before)).toEqual([undefined, "4", "2"]);
});

test("Failures are told in Discord's words, the token never", async () => {
  const { error } = await tool.run("get-channel", { channel_id: "none" });
  expect(error?.message).toContain("Unknown Channel");
  const { answer } = await tool.call("get-channel", { channel_id: "busy" });
  expect(answer).toMatchObject({ success: false, status: 429, headers: { "retry-after": "60" } });
  expect(JSON.stringify(answer)).not.toContain(DISCORD_TOKEN);
  expect(await tool.test()).toEqual({ ok: true, message: "Discord accepts it" });
});
