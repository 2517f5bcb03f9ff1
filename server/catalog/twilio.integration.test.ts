import { expect, test, vi } from "vitest";
import { TWILIO_USER, twilio } from "@/server/testing/services/twilio";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("twilio", { type: "basic_auth", fields: TWILIO_USER }, twilio);

test("A text message is sent as a form, below the account of the credential", async () => {
  const inputs = { To: "={{ $json.phone }}", From: "+15017122661", Body: "Hi & bye", MediaUrl: ["https://x.test/a", "https://x.test/b"] };
  const { status, lastItems } = await tool.run("send-sms", inputs, { items: [{ json: { phone: "+4915112345678" } }] });
  expect(status).toBe("succeeded");
  expect(lastItems?.[0]?.json).toMatchObject({
    sid: "SM1",
    account_sid: TWILIO_USER.username,
    To: "+4915112345678",
    Body: "Hi & bye",
    media: inputs.MediaUrl,
  });
  expect(tool.seen[0]?.path).toBe(`/2010-04-01/Accounts/${TWILIO_USER.username}/Messages.json`);
});

test("WhatsApp messages and calls go where they belong", async () => {
  await tool.run("send-whatsapp", { To: "+491", From: "+492", Body: "Hi" });
  expect(new URLSearchParams(tool.seen[0]?.body).get("To")).toBe("whatsapp:+491");
  const { answer } = await tool.call("make-call", { To: "+491", From: "+492", Twiml: "<Response><Say>Hi</Say></Response>" });
  expect(answer).toMatchObject({ success: true, status: 201, data: { Twiml: "<Response><Say>Hi</Say></Response>" } });
});

test("Messages come page by page, and codes are checked at the other host", async () => {
  const { lastItems } = await tool.run("list-messages", { PageSize: 1 }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.sid)).toEqual(["SM1", "SM2"]);
  const checked = await tool.run("check-verification", { ServiceSid: "VA1", To: "+491", Code: "123456" });
  expect(checked.lastItems?.[0]?.json).toMatchObject({ status: "approved" });
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("send-sms", { To: "+15005550001", From: "+492", Body: "Hi" });
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 400 Bad Request: Invalid 'To' Phone Number")]);
  expect((await tool.call("get-message", { Sid: "SM9" })).answer).toMatchObject({ success: false, status: 404, data: { code: 20404 } });
  expect((await tool.call("send-sms", { To: "+491" })).status).toBe(400);
});

test("The test button tells a good token from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "Twilio accepts it" });
  expect(await tool.test({ type: "basic_auth", fields: { ...TWILIO_USER, password: "of somebody else" } })).toMatchObject({ ok: false });
});
