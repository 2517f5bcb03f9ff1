import { expect, test, vi } from "vitest";
import type { JsonObject } from "@/flow/item";
import { TELEGRAM_TOKEN, telegram } from "@/server/testing/services/telegram";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("telegram", { type: "bearer", fields: { token: TELEGRAM_TOKEN } }, telegram);

test("A flow sends a message, with the token in the path and nowhere else", async () => {
  const { lastItems } = await tool.run("send-message", { chat_id: "42", text: "<b>Hi</b>", parse_mode: "HTML" });
  expect(lastItems?.map(({ json }) => json)).toEqual([{ ok: true, result: { message_id: 1, chat: { id: "42" }, text: "<b>Hi</b>" } }]);
  expect(tool.seen[0]).toMatchObject({ path: `/bot${TELEGRAM_TOKEN}/sendMessage`, json: { parse_mode: "HTML" } });
  expect(tool.seen[0]?.headers.authorization).toBeUndefined();
});

test("A failure names the service's reason, and not the token", async () => {
  const { error } = await tool.run("send-message", { chat_id: "0", text: "Hi" });
  expect(error?.message).toContain("Bad Request: chat not found");
  const { answer } = await tool.call("send-message", { chat_id: "0", text: "Hi" });
  expect(answer).toMatchObject({ success: false, status: 400 });
  expect(JSON.stringify([error, answer])).not.toContain(TELEGRAM_TOKEN);
});

test("A file of the item is uploaded, and one of the service's comes back as a file", async () => {
  const items = [{ json: {}, binary: { data: { mimeType: "text/plain", fileName: "a.txt", data: "SGVsbG8=" } } }];
  const inputs = { chat_id: "42", file: "data", caption: "Here", reply_markup: { inline_keyboard: [] } };
  const { lastItems } = await tool.run("upload-document", inputs, { items });
  const { type, sent } = (lastItems?.[0]?.json.result ?? {}) as JsonObject;
  expect(type).toContain("multipart/form-data; boundary=");
  expect(sent).toContain('name="document"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nHello\r\n');
  expect(sent).toContain('name="caption"\r\n\r\nHere\r\n');
  expect(sent).toContain('name="reply_markup"\r\n\r\n{"inline_keyboard":[]}\r\n');
  const downloaded = await tool.run("download-file", { folder: "photos", name: "file_0.jpg" });
  expect(downloaded.lastItems?.[0]?.binary?.data).toMatchObject({ fileName: "file_0.jpg", mimeType: "application/octet-stream" });
});

test("The test button tells a good token from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "Telegram accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "1:somebody-else" } })).toMatchObject({ ok: false });
});
