import type { Page } from "@playwright/test";
import { call } from "./support/accounts";
import { Editor } from "./support/editor";
import { expect, test } from "./support/test";

interface Node {
  name: string;
  type?: string;
  parameters?: object;
}

/** Nodes in a row, each connected with the next; the first is a manual trigger. */
async function openFlow(
  page: Page,
  nodes: Node[],
  more: { edges?: object[]; settings?: object } = {},
): Promise<{ editor: Editor; id: string }> {
  const all = [{ name: "Start", type: "manual-trigger" }, ...nodes];
  const graph = {
    nodes: all.map(({ name, type = "no-op", parameters = {} }: Node, index) => ({
      id: name,
      name,
      type,
      parameters,
      position: { x: 240 * index, y: 0 },
    })),
    edges: [
      ...all.slice(1).map((node, index) => ({ id: `e${index}`, source: all[index]?.name, target: node.name })),
      ...(more.edges ?? []),
    ],
    settings: more.settings ?? {},
  };
  const { id } = await call<{ id: string }>(page.request, "flows.create", { name: "Try things", graph });
  await page.goto(`/flows/${id}`);
  const editor = new Editor(page);
  await expect(editor.node("Start")).toBeVisible();
  return { editor, id };
}

const field = (name: string, value: unknown, type = "string") => ({ mode: "fields", fields: [{ name, type, value }] });
const run = (page: Page) => page.getByRole("button", { name: "Run", exact: true }).click();

test("undo and redo walk through what was done", async ({ page }) => {
  const { editor } = await openFlow(page, [{ name: "A" }, { name: "B" }]);
  await editor.node("B").click();
  await page.keyboard.press("Delete");
  await expect(editor.node("B")).toHaveCount(0);
  await editor.drop("Limit", { x: 420, y: 420 });
  await expect(editor.node("Limit")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(editor.node("Limit")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(editor.node("B")).toBeVisible();
  await expect(editor.connection("A", "B")).toBeAttached();
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();
  await page.getByRole("button", { name: "Redo" }).click();
  await expect(editor.node("B")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+y");
  await expect(editor.node("Limit")).toBeVisible();
  await expect(page.getByRole("button", { name: "Redo" })).toBeDisabled();
  await expect(editor.saved).toBeVisible();
  await page.reload();
  await expect(editor.node("Limit")).toBeVisible();
  await expect(editor.node("B")).toHaveCount(0);
});

test("nodes are copied with their connections and names of their own, into another flow too", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { editor } = await openFlow(page, [{ name: "A", type: "set", parameters: field("city", "Yasnaya Polyana") }, { name: "B" }]);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+c");
  await page.keyboard.press("ControlOrMeta+v");
  await expect(editor.node("A 1")).toBeVisible();
  await expect(editor.connection("A 1", "B 1")).toBeAttached();
  const { editor: other } = await openFlow(page, []);
  await other.canvas.click({ position: { x: 300, y: 500 } });
  await page.keyboard.press("ControlOrMeta+v");
  await expect(other.node("A")).toBeVisible();
  await other.open("A");
  await expect(other.detail.getByRole("textbox", { name: "Value", exact: true })).toHaveValue("Yasnaya Polyana");
});

test("a disabled node is passed over", async ({ page }) => {
  const { editor } = await openFlow(page, [
    { name: "A", type: "set", parameters: { ...field("first", "1"), include: "all" } },
    { name: "B", type: "set", parameters: { ...field("second", "2"), include: "all" } },
  ]);
  await editor.node("A").click();
  await page.keyboard.press("d");
  await expect(editor.node("A", "disabled")).toBeVisible();
  await run(page);
  await expect(editor.node("B", "succeeded")).toBeVisible();
  await editor.open("B");
  const output = editor.detail.getByRole("region", { name: "Output" });
  await expect(output.getByRole("columnheader", { name: "second" })).toBeVisible();
  await expect(output.getByRole("columnheader", { name: "first" })).toHaveCount(0);
});

test("expressions follow a node that is renamed", async ({ page }) => {
  const { editor } = await openFlow(page, [
    { name: "Customer", type: "set", parameters: field("name", "Anna") },
    { name: "Greet", type: "set", parameters: field("text", "=Hello {{ $('Customer').item.json.name }}") },
  ]);
  await editor.node("Customer").click();
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "New name of Customer" }).fill("Buyer's name");
  await page.keyboard.press("Enter");
  await editor.open("Greet");
  await expect(editor.detail.getByRole("textbox", { name: "Value", exact: true })).toHaveText(
    "Hello {{ $('Buyer\\'s name').item.json.name }}",
  );
  await editor.close();
  await run(page);
  await editor.open("Greet");
  await expect(editor.detail.getByRole("region", { name: "Output" }).getByRole("cell", { name: "Hello Anna" })).toBeVisible();
});

test("without a network nothing is lost, and it is saved once the network is back", async ({ page, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/);
  const { editor } = await openFlow(page, [{ name: "A" }]);
  await expect(editor.saved).toBeVisible();
  await context.setOffline(true);
  await editor.drop("Limit", { x: 420, y: 420 });
  await expect(page.getByRole("status", { name: "Offline, retrying" })).toBeVisible();
  // Running needs the server's copy: it says so, and starts nothing.
  await Promise.all([expect(page.getByText("The flow was not started")).toBeVisible(), run(page)]);
  await context.setOffline(false);
  await expect(editor.saved).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(editor.node("Limit")).toBeVisible();
});

test("what was drawn offline survives closing the tab", async ({ page, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/);
  const { id } = await openFlow(page, [{ name: "A" }]);
  const editor = new Editor(page);
  await context.setOffline(true);
  await editor.drop("Limit", { x: 420, y: 420 });
  await expect(page.getByRole("status", { name: "Offline, retrying" })).toBeVisible();
  await page.close({ runBeforeUnload: false });
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(`/flows/${id}`);
  await expect(new Editor(again).node("Limit")).toBeVisible();
  await expect(new Editor(again).saved).toBeVisible();
});

test("two tabs that change the same flow: the person decides, and nothing is lost", async ({ page, context, complaints }) => {
  complaints.allow(/409/);
  const { editor, id } = await openFlow(page, [{ name: "A" }]);
  const second = await context.newPage();
  complaints.watch(second);
  await second.goto(`/flows/${id}`);
  const other = new Editor(second);
  await expect(other.node("A")).toBeVisible();

  await other.drop("Limit", { x: 420, y: 420 });
  await expect(other.saved).toBeVisible();
  await editor.drop("Filter", { x: 420, y: 420 });
  const conflict = page.getByRole("dialog", { name: "This flow was changed elsewhere" });
  await conflict.getByRole("button", { name: "Load theirs" }).click();
  await expect(editor.node("Limit")).toBeVisible();
  await expect(editor.node("Filter")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(editor.node("Filter")).toBeVisible();
  await expect(editor.saved).toBeVisible();

  await other.drop("Merge", { x: 420, y: 560 });
  await second.getByRole("dialog", { name: "This flow was changed elsewhere" }).getByRole("button", { name: "Keep mine" }).click();
  await expect(other.saved).toBeVisible();
  await second.reload();
  await expect(other.node("Merge")).toBeVisible();
  await expect(other.node("Limit")).toBeVisible();
});

test("what keeps a flow from being published is named by node, and leads there", async ({ page, complaints }) => {
  complaints.allow(/422/);
  const { editor } = await openFlow(page, [
    { name: "Broken", type: "set", parameters: field("total", "={{ $json.price * }}") },
    { name: "From elsewhere", type: "acme-crm" },
    { name: "Lost", type: "set", parameters: field("x", "={{ $('Nobody').item.json.x }}") },
  ]);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "The flow cannot be published yet" });
  await expect(dialog.getByRole("listitem").filter({ hasText: "Broken" })).toContainText(/fields\[0\]\.value/);
  await expect(dialog.getByRole("listitem").filter({ hasText: "From elsewhere" })).toContainText(
    '"acme-crm", which this installation does not know',
  );
  await expect(dialog.getByRole("listitem").filter({ hasText: "Lost" })).toContainText('"Nobody", which is not in this flow');
  await dialog.getByRole("button", { name: /Broken/ }).click();
  await expect(editor.detail.getByRole("heading", { name: "Broken" })).toBeVisible();
});

test("an expression with a mistake is marked while it is typed", async ({ page }) => {
  const { editor } = await openFlow(page, [{ name: "Total", type: "set", parameters: field("total", "={{ $json.price }}") }]);
  await editor.open("Total");
  const value = editor.detail.getByRole("textbox", { name: "Value", exact: true });
  await expect(value).not.toHaveAttribute("aria-invalid", "true");
  await editor.write("Value", "{{ $json.price * }}");
  await expect(value).toHaveAttribute("aria-invalid", "true");
  await expect(value).toHaveAccessibleDescription(/./);
  await editor.close();
  await expect(editor.canvas.getByRole("img", { name: "1 problem" })).toBeVisible();
});

test("an expression of what the server alone knows says where its result is", async ({ page }) => {
  const { editor } = await openFlow(page, [{ name: "Total", type: "set", parameters: field("total", "={{ $env.APP_URL }}/orders") }]);
  await editor.open("Total");
  await expect(editor.detail.getByText("$env is known to the server")).toBeVisible();
  await expect(editor.detail.getByLabel("Result")).toHaveCount(0);
});

test("a node of an unknown type is shown as such, and keeps its parameters", async ({ page, complaints }) => {
  complaints.allow(/422/);
  const { editor, id } = await openFlow(page, [{ name: "CRM", type: "acme-crm", parameters: { stage: "won" } }]);
  await expect(editor.canvas.getByText("Unknown type acme-crm")).toBeVisible();
  await editor.open("CRM");
  await expect(editor.detail.getByText('does not know the node type "acme-crm"')).toBeVisible();
  await editor.name("Our CRM");
  await editor.close();
  await expect(editor.saved).toBeVisible();
  const answer = await page.request.get(`/api/trpc/flows.get?input=${encodeURIComponent(JSON.stringify({ id }))}`);
  expect(await answer.text()).toContain('"stage":"won"');
  await run(page);
  await expect(page.getByRole("dialog", { name: "The flow cannot run yet" }).getByRole("listitem")).toContainText("Our CRM");
});

test("a loop that never ends is stopped, and says why", async ({ page }) => {
  const { editor } = await openFlow(page, [{ name: "Round" }, { name: "And round" }], {
    edges: [{ id: "back", source: "And round", target: "Round" }],
    settings: { maxVisits: 50 },
  });
  await run(page);
  await expect(editor.run.getByRole("status")).toContainText("Failed");
  await expect(editor.run).toContainText("made more than 50 node visits and was stopped at");
  await expect(editor.run).toContainText("raise the flow's limit of visits");
});

test("a failing node says what, where and what to do; once mended, it runs", async ({ page }) => {
  const { editor } = await openFlow(page, [{ name: "Fetch", type: "http-request", parameters: { url: "http://169.254.169.254/latest" } }]);
  await run(page);
  await expect(editor.node("Fetch", "failed")).toBeVisible();
  await editor.run.getByRole("button", { name: "Show error" }).click();
  const alert = editor.detail.getByRole("alert");
  await expect(alert).toContainText("169.254.169.254");
  await expect(alert).toContainText('node "Fetch"');
  await expect(alert).toContainText("HTTP_ALLOWLIST");
  await editor.detail.getByRole("textbox", { name: "URL" }).fill(`${process.env.E2E_URL}/samples/orders.json`);
  await editor.close();
  await run(page);
  await expect(editor.node("Fetch", "succeeded, 24 items")).toBeVisible();
});

test("a waiting execution is cancelled; a failed one is retried from where it failed", async ({ page }) => {
  const { editor } = await openFlow(page, [{ name: "Sleep", type: "wait", parameters: { resume: "interval", amount: 1, unit: "hours" } }]);
  await run(page);
  await expect(editor.node("Sleep", "waiting")).toBeVisible();
  await editor.run.getByRole("button", { name: "Cancel" }).click();
  await expect(editor.run.getByRole("status")).toContainText("Cancelled");
  await expect(editor.node("Sleep", "cancelled")).toBeVisible();

  const { editor: other } = await openFlow(page, [
    { name: "Before", type: "set", parameters: field("at", "={{ $execution.id }}") },
    { name: "Fail", type: "stop-and-error", parameters: { message: "Out of stock" } },
  ]);
  await run(page);
  await expect(other.run).toContainText("Fail: Out of stock");
  const link = other.run.getByRole("link", { name: "Open the execution" });
  const first = await link.getAttribute("href");
  await other.run.getByRole("button", { name: "Retry" }).click();
  await expect(link).not.toHaveAttribute("href", first ?? "");
  await expect(other.run).toContainText("Fail: Out of stock");
  await link.click();
  await expect(page.getByRole("status").filter({ hasText: "Retry" })).toBeVisible();
  await expect(page.getByRole("alert", { name: "Error" })).toContainText("Failed at “Fail”");
});

test("a step that takes long is shown at work, also after a reload in the middle, and can be cancelled", async ({ page }) => {
  const { editor } = await openFlow(page, [{ name: "Think", type: "code", parameters: { code: "while (true);" } }]);
  await run(page);
  await expect(editor.node("Think", "running")).toBeVisible();
  await page.reload();
  await expect(editor.node("Think", "running")).toBeVisible();
  await editor.run.getByRole("button", { name: "Cancel" }).click();
  await expect(editor.run.getByRole("status")).toContainText("Cancelled");
  await expect(editor.node("Think", "cancelled")).toBeVisible();
});
