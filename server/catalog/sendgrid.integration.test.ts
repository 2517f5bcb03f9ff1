import { expect, test, vi } from "vitest";
import { SENDGRID_KEY, sendgrid } from "@/server/testing/services/sendgrid";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("sendgrid", { type: "bearer", fields: { token: SENDGRID_KEY } }, sendgrid);
const mail = { from: "shop@example.com", to: "={{ $json.to }}", subject: "Order", content: "Hi" };

test("An email goes to all that are named, without what was not given", async () => {
  const { status, lastItems } = await tool.run("send-email", mail, { items: [{ json: { to: "ada@example.com, bo@example.com" } }] });
  expect([status, lastItems?.map(({ json }) => json)]).toEqual(["succeeded", [{}]]);
  expect(tool.seen[0]?.json).toEqual({
    personalizations: [{ to: [{ email: "ada@example.com" }, { email: "bo@example.com" }] }],
    from: { email: "shop@example.com" },
    subject: "Order",
    content: [{ type: "text/plain", value: "Hi" }],
  });
});

test("A file is attached as base64, and a template gets its data", async () => {
  const data = { mimeType: "text/csv", fileName: "a.csv", data: Buffer.from("1,2").toString("base64") };
  const items = [{ json: { to: "ada@example.com" }, binary: { data } }];
  expect((await tool.run("send-email-with-file", { ...mail, file: "data", file_name: "a.csv" }, { items })).status).toBe("succeeded");
  expect(tool.seen[0]?.json.attachments).toEqual([{ content: data.data, filename: "a.csv" }]);
  const { answer } = await tool.call("send-template", {
    from: "shop@example.com",
    to: "a@x.test",
    template_id: "d-1",
    data: { name: "Ada" },
  });
  expect(answer).toMatchObject({ success: true, status: 202, data: null });
  expect(tool.seen[1]?.json).toMatchObject({ personalizations: [{ dynamic_template_data: { name: "Ada" } }], template_id: "d-1" });
});

test("Lists come page by page, and a contact is sent as one of a list", async () => {
  const { lastItems } = await tool.run("list-lists", { page_size: 1 }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["l1", "l2"]);
  await tool.run("upsert-contact", { email: "ada@example.com", first_name: "Ada", list_ids: ["l1"] });
  expect(tool.seen.at(-1)?.json).toEqual({ list_ids: ["l1"], contacts: [{ email: "ada@example.com", first_name: "Ada" }] });
});

test("What the service refuses is said in its words", async () => {
  const inputs = { ...mail, to: "ada@example.com", from: "stranger@example.com" };
  const { status, error } = await tool.run("send-email", inputs);
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 403 Forbidden: The from address does not match")]);
  expect((await tool.call("send-email", inputs)).answer).toMatchObject({ success: false, status: 403 });
  expect((await tool.call("send-email", { ...inputs, from: "no address" })).status).toBe(400);
});

test("The test button tells a good key from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "SendGrid accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "SG.of-somebody-else" } })).toMatchObject({ ok: false });
});
