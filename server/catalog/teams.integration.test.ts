import { expect, test, vi } from "vitest";
import { GRAPH_TOKEN, microsoftGraph } from "@/server/testing/services/microsoft-graph";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("teams", { type: "bearer", fields: { token: GRAPH_TOKEN } }, microsoftGraph);
const channel = "19:c1@thread.tacv2";

test("A message is sent to a channel for each item", async () => {
  const inputs = { team: "t1", channel, content: "={{ $json.text }}" };
  const { status, lastItems } = await tool.run("send-channel-message", inputs, { items: [{ json: { text: "Hi" } }] });
  expect(status).toBe("succeeded");
  expect(lastItems?.[0]?.json).toMatchObject({ id: "1616990032035", body: { contentType: "text", content: "Hi" } });
});

test("A chat begins with its members", async () => {
  const { answer } = await tool.call("create-chat", { chatType: "group", members: ["u1", "ada@example.com"] });
  expect(answer).toMatchObject({ success: true, status: 201 });
  expect(tool.seen[0]?.json.members).toEqual(
    ["u1", "ada@example.com"].map((id) => ({
      "@odata.type": "#microsoft.graph.aadUserConversationMember",
      roles: ["owner"],
      "user@odata.bind": `https://graph.microsoft.com/v1.0/users('${id}')`,
    })),
  );
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("get-channel", { team: "none", channel });
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 404 Not Found: The resource could not be found.")]);
  expect((await tool.call("send-chat-message", { chat: "19:none", content: "Hi" })).answer).toMatchObject({ success: false, status: 404 });
  expect(await tool.test()).toEqual({ ok: true, message: "Microsoft Teams accepts it" });
});
