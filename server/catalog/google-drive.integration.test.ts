import { expect, test, vi } from "vitest";
import { GOOGLE_TOKEN, google } from "@/server/testing/services/google";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("google-drive", { type: "bearer", fields: { token: GOOGLE_TOKEN } }, google);

test("A list goes from page to page", async () => {
  const { lastItems } = await tool.run("list-files", { page_size: 2 }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["file-1", "file-2", "file-3"]);
});

test("A file is uploaded with its name, and comes back as a file whatever its type", async () => {
  const items = [{ json: {}, binary: { data: { mimeType: "text/plain", fileName: "a.txt", data: "SGVsbG8=" } } }];
  const { lastItems } = await tool.run("upload-file", { file: "data", name: "A", parent_id: "folder" }, { items });
  expect(lastItems?.[0]?.json).toMatchObject({
    uploadType: "multipart",
    type: expect.stringContaining("multipart/related; boundary="),
    sent: expect.stringContaining('{"name":"A","parents":["folder"]}'),
  });
  const downloaded = await tool.run("download-file", { file_id: "file-1" });
  expect(downloaded.lastItems?.[0]?.binary?.data).toMatchObject({ mimeType: "text/plain" });
  expect(await tool.test()).toEqual({ ok: true, message: "Google Drive accepts it" });
});
