import { expect, test, vi } from "vitest";
import { GRAPH_TOKEN, microsoftGraph } from "@/server/testing/services/microsoft-graph";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("onedrive", { type: "bearer", fields: { token: GRAPH_TOKEN } }, microsoftGraph);

test("A file is uploaded under its name and downloaded from where the service sends one", async () => {
  const data = { mimeType: "text/csv", fileName: "x.csv", data: Buffer.from("1,2,3").toString("base64") };
  const { lastItems } = await tool.run("upload-file", { name: "a b.csv", file: "data" }, { items: [{ json: {}, binary: { data } }] });
  expect(lastItems?.[0]?.json).toMatchObject({ id: "f3", size: 5, file: { mimeType: "text/csv" } });
  const down = await tool.run("download-file", { item: "f1" });
  expect(down.lastItems?.[0]?.binary?.data).toMatchObject({ mimeType: "text/csv" });
});

test("A folder is made and listed", async () => {
  const { answer } = await tool.call("create-folder", { name: "Reports" });
  expect(answer).toMatchObject({ success: true, data: { name: "Reports", folder: { childCount: 0 } } });
  const { lastItems } = await tool.run("list-children", { top: 1 }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["f1", "f2"]);
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("get-item", { item: "none" });
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 404 Not Found: The resource could not be found.")]);
  expect(await tool.test()).toEqual({ ok: true, message: "Microsoft OneDrive accepts it" });
});
