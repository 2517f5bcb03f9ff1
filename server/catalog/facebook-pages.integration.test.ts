import { expect, test, vi } from "vitest";
import { FACEBOOK_TOKEN, facebook } from "@/server/testing/services/facebook";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("facebook-pages", { type: "bearer", fields: { token: FACEBOOK_TOKEN } }, facebook);

test("A post and a photo are published on a page", async () => {
  const { status, lastItems } = await tool.run(
    "create-post",
    { page: "546", message: "={{ $json.text }}" },
    { items: [{ json: { text: "Hi" } }] },
  );
  expect([status, lastItems?.map(({ json }) => json)]).toEqual(["succeeded", [{ id: "546_1" }]]);
  expect(tool.seen[0]?.json).toEqual({ message: "Hi" });
  const data = { mimeType: "image/png", fileName: "a.png", data: Buffer.from("png").toString("base64") };
  const photo = await tool.run("upload-photo", { page: "546", source: "data", caption: "Hi" }, { items: [{ json: {}, binary: { data } }] });
  expect(photo.lastItems?.[0]?.json).toMatchObject({ post_id: "546_1" });
});

test("Posts come page by page, by the cursor", async () => {
  const { lastItems } = await tool.run("list-posts", { page: "546" }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["546_1", "546_2"]);
  expect(tool.seen.map(({ query }) => query.after)).toEqual([undefined, "two", "end"]);
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("create-post", { page: "546" });
  expect([status, error?.message]).toEqual([
    "failed",
    expect.stringContaining("answered 400 Bad Request: (#100) You must provide a message"),
  ]);
  expect((await tool.call("get-post", { post: "546_9" })).answer).toMatchObject({ success: false, status: 400 });
  expect(await tool.test()).toEqual({ ok: true, message: "Facebook Pages accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "of somebody else" } })).toMatchObject({ ok: false });
});
