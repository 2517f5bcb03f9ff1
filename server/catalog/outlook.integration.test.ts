import { expect, test, vi } from "vitest";
import { GRAPH_TOKEN, microsoftGraph } from "@/server/testing/services/microsoft-graph";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("outlook", { type: "bearer", fields: { token: GRAPH_TOKEN } }, microsoftGraph);

test("An email goes to all that are named, without what was not given", async () => {
  const inputs = { to: "={{ $json.to }}", subject: "Order", content: "<p>Hi</p>", content_type: "HTML" };
  const { status } = await tool.run("send-email", inputs, { items: [{ json: { to: "ada@example.com; bo@example.com" } }] });
  expect(status).toBe("succeeded");
  expect(tool.seen[0]?.json).toEqual({
    message: {
      subject: "Order",
      body: { contentType: "HTML", content: "<p>Hi</p>" },
      toRecipients: [{ emailAddress: { address: "ada@example.com" } }, { emailAddress: { address: "bo@example.com" } }],
    },
    saveToSentItems: true,
  });
});

test("Emails come page by page; one is changed, and its attachment is a file", async () => {
  const { lastItems } = await tool.run("list-messages", { top: 2, filter: "isRead eq false" }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["m1", "m2", "m3"]);
  expect(tool.seen[0]?.query).toEqual({ $top: "2", $filter: "isRead eq false" });
  expect((await tool.call("update-message", { id: "m1", isRead: true })).answer.data).toEqual({ id: "m1", isRead: true });
  const file = await tool.run("download-attachment", { id: "m1", attachment: "a1" });
  expect(file.lastItems?.[0]?.binary?.data).toMatchObject({ mimeType: "application/pdf" });
});

test("An event has its times in a zone and its guests", async () => {
  const inputs = {
    subject: "Lunch",
    start: "2026-12-24T12:00:00",
    end: "2026-12-24T13:00:00",
    time_zone: "Europe/Berlin",
    attendees: "a@x.test",
  };
  await tool.run("create-event", inputs);
  expect(tool.seen[0]?.json).toMatchObject({
    start: { dateTime: "2026-12-24T12:00:00", timeZone: "Europe/Berlin" },
    attendees: [{ emailAddress: { address: "a@x.test" }, type: "required" }],
  });
  await tool.run("list-events", { start: "2026-12-24T00:00:00Z", end: "2026-12-25T00:00:00Z" });
  expect(tool.seen[1]?.headers.prefer).toBe('outlook.timezone="UTC"');
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("send-email", { to: " , ", subject: "Order", content: "Hi" });
  expect([status, error?.message]).toEqual([
    "failed",
    expect.stringContaining("answered 400 Bad Request: At least one recipient is not valid."),
  ]);
  expect((await tool.call("get-message", { id: "none" })).answer).toMatchObject({ success: false, status: 404 });
  expect((await tool.call("send-email", { to: "a@x.test" })).status).toBe(400);
});

test("The test button tells a good token from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "Microsoft Outlook accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "of somebody else" } })).toMatchObject({ ok: false });
});
