import { expect, test, vi } from "vitest";
import { db } from "@/server/db";
import { embeddedSecretStore } from "@/server/secrets/secret-store";
import { executeAction } from "@/server/services/actions/execute";
import { newCredentialId } from "@/server/services/credentials/create";
import { LINEAR_ACCESS_TOKEN, LINEAR_KEY, linear } from "@/server/testing/services/linear";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("linear", { type: "api_key", fields: { api_key: LINEAR_KEY } }, linear);

test("A flow opens an issue for each item, and gets the issue itself", async () => {
  const inputs = { teamId: "t1", title: "={{ $json.title }}", priority: 2 };
  const { status, lastItems } = await tool.run("create-issue", inputs, { items: [{ json: { title: "One" } }, { json: { title: "Two" } }] });
  expect(status).toBe("succeeded");
  expect(lastItems?.map(({ json }) => json)).toMatchObject([{ identifier: "ENG-9", title: "One" }, { title: "Two" }]);
  expect(tool.seen[0]?.json.variables).toEqual({ input: { teamId: "t1", title: "One", priority: 2 } });
});

test("A list gives all its pages, going on inside of the variables", async () => {
  const filter = { team: { key: { eq: "ENG" } } };
  const { lastItems } = await tool.run("list-issues", { first: 2, filter }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["1", "2", "3"]);
  expect(tool.seen[1]?.json.variables).toEqual({ first: 2, filter, after: "2" });
});

test("An error that comes with a good status fails in the service's words", async () => {
  const { status, error } = await tool.run("get-issue", { id: "none" });
  expect([status, error?.message]).toEqual(["failed", 'Linear refused "Get an issue": Entity not found: Issue.']);
  expect((await tool.call("create-issue", { teamId: "none", title: "One" })).answer).toMatchObject({ success: false });
  const invalid = await tool.run("run-query", { query: "{ nothing { id } }" });
  expect(invalid.error?.message).toContain('Cannot query field "nothing"');
});

test("The test button tells a good key from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "Linear accepts it" });
  expect(await tool.test({ type: "api_key", fields: { api_key: "lin_api_of_somebody" } })).toMatchObject({ ok: false });
});

test("An account that was connected is called with its access token", async () => {
  const { organizationId } = tool.ctx.actor;
  const [{ allowedHosts } = { allowedHosts: [] }] = await db().credential.findMany({ where: { organizationId } });
  const credentialId = newCredentialId();
  const secret = await embeddedSecretStore.put({ organizationId, credentialId }, { access_token: LINEAR_ACCESS_TOKEN });
  const data = { id: credentialId, organizationId, name: "Linear account", type: "oauth2", toolKey: "linear", secret, allowedHosts };
  await db().credential.create({ data });
  const answer = await executeAction({ ctx: tool.ctx, input: { id: "linear.get-issue", inputs: { id: "1" }, credentialId } });
  expect(answer).toMatchObject({ success: true, data: { data: { issue: { identifier: "ENG-1" } } } });
  await db().credential.delete({ where: { id: credentialId } });
});
