import { expect, test, vi } from "vitest";
import { GOOGLE_TOKEN, google } from "@/server/testing/services/google";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("gmail", { type: "bearer", fields: { token: GOOGLE_TOKEN } }, google);

const mailOf = (raw: unknown): string => Buffer.from(String(raw), "base64url").toString("utf8");

test("A message goes out in the format of mail, with the item's file", async () => {
  const items = [{ json: { id: 7 }, binary: { data: { mimeType: "text/plain", fileName: "a.txt", data: "SGVsbG8=" } } }];
  const inputs = { to: "ada@example.com", subject: "=Order {{ $json.id }}", html: "<b>Hi</b>", attachment: "data" };
  const { lastItems } = await tool.run("send-message", inputs, { items });
  const mail = mailOf(lastItems?.[0]?.json.raw);
  expect(mail).toContain("To: ada@example.com\r\nSubject: Order 7\r\n");
  expect(mail).toContain(`Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${btoa("<b>Hi</b>")}`);
  expect(mail).toContain('Content-Disposition: attachment; filename="a.txt"\r\n\r\nSGVsbG8=');
});

test("A reply names its thread and the message that it answers", async () => {
  const { answer } = await tool.call("reply", { thread_id: "t1", to: "ada@example.com", text: "Yes", in_reply_to: "<m@x.test>" });
  const { threadId, raw } = answer.data as { threadId: string; raw: string };
  expect(threadId).toBe("t1");
  expect(mailOf(raw)).toContain("In-Reply-To: <m@x.test>\r\nReferences: <m@x.test>\r\n");
});

test("The test button asks for the account", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "Gmail accepts it" });
});
