import { expect, test, vi } from "vitest";
import { LINKEDIN_TOKEN, linkedin } from "@/server/testing/services/linkedin";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("linkedin", { type: "bearer", fields: { token: LINKEDIN_TOKEN } }, linkedin);
const author = "urn:li:person:782bbtaQ";

test("A post is written with all that the service asks for, and its id is in the header", async () => {
  const { status, lastItems } = await tool.run("create-post", { author, commentary: "Hello" }, { fullResponse: true });
  expect(status).toBe("succeeded");
  expect(lastItems?.[0]?.json).toMatchObject({ statusCode: 201, headers: { "x-restli-id": "urn:li:share:1" } });
  expect(tool.seen[0]?.json).toEqual({
    author,
    commentary: "Hello",
    visibility: "PUBLIC",
    distribution: { feedDistribution: "MAIN_FEED", targetEntities: [], thirdPartyDistributionChannels: [] },
    lifecycleState: "PUBLISHED",
    isReshareDisabledByAuthor: false,
  });
});

test("Posts come page by page, and one is deleted by its name", async () => {
  const { lastItems } = await tool.run("list-posts", { author, count: 1 }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["urn:li:share:1", "urn:li:share:2"]);
  expect((await tool.call("delete-post", { post: "urn:li:share:1" })).answer).toMatchObject({ success: true, status: 204 });
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("create-post", { author: "urn:li:person:other", commentary: "Hello" });
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 403 Forbidden: Not enough permissions")]);
  expect((await tool.call("get-post", { post: "urn:li:share:9" })).answer).toMatchObject({ success: false, status: 404 });
  expect(await tool.test()).toEqual({ ok: true, message: "LinkedIn accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "of somebody else" } })).toMatchObject({ ok: false });
});
