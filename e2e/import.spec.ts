import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { Editor } from "./support/editor";
import { expect, test } from "./support/test";

interface Workflow {
  name: string;
  nodes: { name: string; type: string }[];
  connections: Record<string, unknown>;
}

const fixture = (name: string): Workflow =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, `../flow/n8n/fixtures/${name}.json`), "utf8")).workflow;

/** Beside a workflow that runs, a node that has no counterpart. */
function withUnknown({ nodes, connections, ...rest }: Workflow, after: string): Workflow {
  const unknown = {
    id: "unknown",
    name: "Tell the team",
    type: "n8n-nodes-base.mattermost",
    typeVersion: 2.2,
    position: [1800, 0],
    parameters: {},
  };
  return {
    ...rest,
    nodes: [...nodes, unknown],
    connections: { ...connections, [after]: { main: [[{ node: unknown.name, type: "main", index: 0 }]] } },
  };
}

/** Lets a file fall on the page, as somebody who drags it from a folder. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], fileName, { type: "application/json" }));
      return data;
    },
    [name, content] as const,
  );
  await page.dispatchEvent("main", "dragenter", { dataTransfer: transfer });
  await expect(page.getByText("Drop n8n workflows or exported flows here")).toBeVisible();
  await page.dispatchEvent("main", "drop", { dataTransfer: transfer });
}

test("a workflow of n8n that is dropped on the list is there, runs, and gives what it gave", async ({ page }) => {
  await page.goto("/flows");
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeVisible();
  await expect(
    page
      .getByRole("table")
      .or(page.getByRole("heading", { name: "Draw your first flow" }))
      .first(),
  ).toBeVisible();
  const workflow = fixture("switch-3-into-merge");
  await drop(page, "orders.json", JSON.stringify(workflow));
  await expect(page).toHaveURL(/\/flows\/[^/]+$/);
  const editor = new Editor(page);
  for (const { name } of workflow.nodes) await expect(editor.node(name)).toBeVisible();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(editor.node("Back", "succeeded")).toBeVisible();
});

test("what has no counterpart is told, stays on the canvas as a placeholder, and is named when a run gets there", async ({ page }) => {
  await page.goto("/flows");
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeVisible();
  const file = {
    name: "team.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(withUnknown(fixture("limit-last"), "Limit"))),
  };
  await page.getByLabel("Files to import").setInputFiles(file);
  const report = page.getByRole("dialog", { name: "Import report" });
  await expect(report).toContainText("3 of 4 nodes converted, 1 as a placeholder.");
  await expect(report).toContainText("n8n-nodes-base.mattermost has no counterpart");
  await report.getByRole("link", { name: "Open flow" }).click();
  const editor = new Editor(page);
  await expect(editor.node("Tell the team")).toBeVisible();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(editor.node("Tell the team", "failed")).toBeVisible();
});

test("nodes that were copied in n8n are pasted on the canvas", async ({ page }) => {
  await page.goto("/flows");
  await page.getByRole("button", { name: "Create flow" }).first().click();
  const editor = new Editor(page);
  await expect(editor.canvas).toBeVisible();
  await editor.canvas.click({ position: { x: 300, y: 600 } });
  const { nodes, connections } = withUnknown(fixture("limit-last"), "Limit");
  await page.evaluate(
    (text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
    },
    JSON.stringify({ nodes, connections, meta: { instanceId: "1" } }),
  );
  for (const { name } of nodes) await expect(editor.node(name)).toBeVisible();
  await expect(page.getByText("Pasted 3 of 4 nodes from n8n")).toBeVisible();
});

test("a file that is no workflow says so", async ({ page, complaints }) => {
  complaints.allow(/status of 422/);
  await page.goto("/flows");
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeVisible();
  const file = (name: string, text: string) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });
  await page.getByLabel("Files to import").setInputFiles([file("a.json", "hello"), file("b.json", '{"some":"json"}')]);
  const report = page.getByRole("dialog", { name: "Import report" });
  await expect(report).toContainText("The file is not JSON.");
  await expect(report).toContainText("This is neither a flow nor an n8n workflow");
});
