import { expect, test, vi } from "vitest";
import { SLACK_TOKEN, slack } from "@/server/testing/services/slack";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("slack", { type: "bearer", fields: { token: SLACK_TOKEN } }, slack);

test("A flow sends a message", async () => {
  const { lastItems } = await tool.run("send-message", { channel: "#general", text: "Hello *you*" });
  expect(lastItems?.[0]?.json).toMatchObject({ ok: true, channel: "C1", message: { text: "Hello *you*" } });
  expect(tool.seen[0]).toMatchObject({
    headers: { "content-type": "application/json" },
    json: { channel: "#general", text: "Hello *you*" },
  });
});

test("An answer that is not ok fails the step, though its status is good", async () => {
  const { status, error } = await tool.run("send-message", { channel: "#none", text: "Hello" });
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining('Slack refused "Send message": channel_not_found')]);
  const { answer } = await tool.call("send-message", { channel: "#none", text: "Hello" });
  expect(answer).toMatchObject({ success: false, status: 200, error: { message: "The service refused it: channel_not_found" } });
});

test("Being asked to wait is told with how long", async () => {
  const { status, error } = await tool.run("send-message", { channel: "#busy", text: "Hello" });
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 429")]);
});

test("A list goes from cursor to cursor, with an item for each entry", async () => {
  const { lastItems } = await tool.run("list-users", { limit: 2 }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["U1", "U2", "U3"]);
  expect(tool.seen.map(({ query }) => query.cursor)).toEqual([undefined, "2"]);
});

test("A file goes by three steps, its bytes to the upload's own address", async () => {
  const begun = await tool.call("get-upload-url", { filename: "a b.txt", length: 5 });
  expect(begun.answer.data).toMatchObject({ file_id: "F1", sent: "filename=a+b.txt&length=5" });
  const items = [{ json: {}, binary: { data: { mimeType: "text/plain", fileName: "a b.txt", data: "SGVsbG8=" } } }];
  const { lastItems } = await tool.run("upload-bytes", { upload: "ABC123", file: "data" }, { items });
  expect(lastItems?.map(({ json }) => json)).toEqual([{ data: "OK - 5" }]);
  expect(tool.seen[1]).toMatchObject({ path: "/upload/v1/ABC123", body: "Hello" });
});

test("The test button tells a good credential from one that Slack refuses with 200", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "Slack accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "token-of-somebody-else" } })).toEqual({
    ok: false,
    message: "Slack refuses it: invalid_auth",
  });
});
