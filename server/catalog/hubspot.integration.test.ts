import { expect, test, vi } from "vitest";
import { HUBSPOT_TOKEN, hubspot } from "@/server/testing/services/hubspot";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("hubspot", { type: "bearer", fields: { token: HUBSPOT_TOKEN } }, hubspot);

test("A contact is made of its usual properties, without those that were not given", async () => {
  const inputs = { email: "={{ $json.mail }}", firstname: "Ada" };
  const { status, lastItems } = await tool.run("create-contact", inputs, { items: [{ json: { mail: "ada@example.com" } }] });
  expect(status).toBe("succeeded");
  expect(lastItems?.[0]?.json).toMatchObject({ id: "512", properties: { email: "ada@example.com" } });
  expect(tool.seen[0]?.json).toEqual({ properties: { email: "ada@example.com", firstname: "Ada" } });
});

test("A contact is found by its email address, to be updated or made", async () => {
  const { lastItems } = await tool.run("upsert-contact", { email: "ada@example.com", properties: { phone: "1" } });
  expect(lastItems?.map(({ json }) => json)).toMatchObject([{ id: "1", new: false, properties: { phone: "1", email: "ada@example.com" } }]);
  const { answer } = await tool.call("update-record", {
    objectType: "contacts",
    objectId: "ada@example.com",
    idProperty: "email",
    properties: { phone: "2" },
  });
  expect(answer).toMatchObject({ success: true, data: { properties: { phone: "2" } } });
});

test("Lists and searches give all their pages, by the query and by the body", async () => {
  const ids = async (action: string, inputs: object) =>
    (await tool.run(action, { ...inputs, limit: 2 }, { returnAll: true })).lastItems?.map(({ json }) => json.id);
  expect(await ids("list-contacts", {})).toEqual(["1", "2", "3"]);
  const filterGroups = [{ filters: [{ propertyName: "lifecyclestage", operator: "EQ", value: "lead" }] }];
  expect(await ids("search-contacts", { filterGroups })).toEqual(["1", "2", "3"]);
  expect(tool.seen.at(-1)?.json).toMatchObject({ after: "2", limit: 2, filterGroups });
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("create-contact", { email: "taken@example.com" });
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 409 Conflict: Contact already exists")]);
  expect((await tool.call("get-deal", { dealId: "9" })).answer).toMatchObject({
    success: false,
    status: 404,
    data: { category: "OBJECT_NOT_FOUND" },
  });
  expect((await tool.call("create-contact", { email: "no address" })).status).toBe(400);
  expect((await tool.call("delete-contact", { contactId: "1" })).answer).toMatchObject({ success: true, status: 204, data: null });
});

test("The test button tells a good token from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "HubSpot accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "pat-of-somebody" } })).toMatchObject({ ok: false });
});
