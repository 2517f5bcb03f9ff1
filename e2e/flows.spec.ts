import { randomBytes } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { call, newAccount, register, signIn } from "./support/accounts";
import { Editor } from "./support/editor";
import { expect, test } from "./support/test";

/** Names of one test: others see the same list. */
const unique = (name: string) => `${name} ${randomBytes(3).toString("hex")}`;
const rowOf = (page: Page, name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
const create = (page: Page, name: string, nodes: object[] = []) =>
  call<{ id: string }>(page.request, "flows.create", { name, graph: { nodes, edges: [] } });

/** Goes on until the focus is there, as somebody without a mouse does; with 25 presses they would have given up. */
async function tabTo(target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let presses = 0; presses < 25; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await target.page().keyboard.press(key);
  }
  await expect(target).toBeFocused();
}

const start = { id: "start", name: "Start", type: "manual-trigger", position: { x: 0, y: 0 } };

async function act(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions of ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

test("flows are made, found, renamed, duplicated, deleted and brought back", async ({ page }) => {
  await page.goto("/flows");
  await page.getByRole("button", { name: "Create flow" }).first().click();
  await expect(page).toHaveURL(/\/flows\/[^/]+$/);
  await expect(page.getByRole("region", { name: "Start the flow" })).toBeVisible();
  const first = unique("Invoices");
  await page.getByRole("textbox", { name: "Flow name" }).fill(first);
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle(new RegExp(first));
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Flows" }).click();
  await expect(rowOf(page, first)).toBeVisible();

  const second = unique("Paid invoices");
  await test.step("rename, with a description", async () => {
    await act(page, first, "Rename");
    await page.getByRole("dialog").getByLabel("Name").fill(second);
    await page.getByRole("dialog").getByLabel("Description").fill("For the tax office");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(rowOf(page, second)).toContainText("For the tax office");
    await expect(rowOf(page, first)).toHaveCount(0);
  });

  await test.step("duplicate", async () => {
    await act(page, second, "Duplicate");
    await expect(page.getByText(/^Made “Paid invoices/)).toBeVisible();
  });

  await test.step("search by name and by description; clear", async () => {
    const search = page.getByRole("searchbox", { name: "Search flows" });
    await page.keyboard.press("/");
    await expect(search).toBeFocused();
    await page.keyboard.type(second);
    await expect(page.getByRole("row")).toHaveCount(3);
    await search.fill("tax office");
    await expect(rowOf(page, second)).toBeVisible();
    await search.fill("nobody calls a flow like this");
    await expect(page.getByText("No flow matches")).toBeVisible();
    await page.getByRole("button", { name: "Clear search", exact: true }).last().click();
    await expect(rowOf(page, second)).toBeVisible();
  });

  await test.step("delete, and undo", async () => {
    await act(page, second, "Delete");
    await expect(rowOf(page, second)).toHaveCount(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(rowOf(page, second)).toBeVisible();
    await page.reload();
    await expect(rowOf(page, second)).toBeVisible();
    await act(page, second, "Delete");
    await expect(page.getByText(`Deleted “${second}”`)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
    await expect(rowOf(page, second)).toHaveCount(0);
  });
});

test("only what is published can be switched on; while a flow is off, calls of its webhook start nothing and are kept", async ({
  page,
}) => {
  const draft = unique("Draft");
  const hook = unique("Hook");
  await create(page, draft, [start]);
  const { id } = await create(page, hook, [{ ...start, type: "webhook-trigger" }]);
  const published = await call<{ triggers: { url: string }[] }>(page.request, "flows.publish", { id });
  const url = published.triggers[0]?.url ?? "";
  await page.goto("/flows");
  await expect(rowOf(page, draft).getByRole("switch")).toBeDisabled();
  const active = rowOf(page, hook).getByRole("switch", { name: `${hook} active` });
  await expect(active).toBeChecked();
  const called = async () => Object.keys((await (await page.request.post(url, { data: {} })).json()) as object);
  expect(await called()).toContain("executionId");
  await active.click();
  await expect(active).not.toBeChecked();
  await expect.poll(called).toContain("arrivalId");
  await page.reload();
  await expect(active).not.toBeChecked();
  await active.click();
  await expect.poll(called).toContain("executionId");
});

const sidewaysScroll = (page: Page) =>
  page.evaluate(() =>
    [document.documentElement, document.body, ...document.querySelectorAll("main")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => `${element.tagName} ${element.scrollWidth} > ${element.clientWidth}`),
  );

test("names of 200 characters break no page, wide or narrow", async ({ page }) => {
  const name = `${unique("Long")}${"x".repeat(200)}`.slice(0, 200);
  const nodeName = "n".repeat(200);
  const { id } = await create(page, name, [start, { ...start, id: "b", name: nodeName, type: "set", position: { x: 240, y: 0 } }]);
  const { executionId } = await call<{ executionId: string }>(page.request, "executions.start", {
    flowId: id,
    triggerNodeId: "start",
    items: [{ json: {} }],
  });
  for (const width of [1440, 380]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto("/flows");
    await expect(rowOf(page, name)).toBeVisible();
    await expect(page.getByRole("button", { name: `Actions of ${name}` })).toBeInViewport();
    expect(await sidewaysScroll(page)).toEqual([]);
    await page.goto(`/flows/${id}`);
    await expect(new Editor(page).node(nodeName)).toBeVisible();
    await expect(page.getByRole("button", { name: "Run", exact: true })).toBeInViewport({ ratio: 1 });
    expect(await sidewaysScroll(page)).toEqual([]);
    await new Editor(page).open(nodeName);
    await expect(page.getByRole("dialog").getByRole("button", { name: "Close", exact: true })).toBeInViewport({ ratio: 1 });
    await page.goto(`/executions/${executionId}`);
    await expect(page.getByRole("complementary", { name: "Steps" })).toBeVisible();
    expect(await sidewaysScroll(page)).toEqual([]);
    await page.goto("/executions");
    await expect(page.getByRole("link", { name }).first()).toBeVisible();
    expect(await sidewaysScroll(page)).toEqual([]);
  }
});

test("no page scrolls sideways at 380 pixels, and the navigation is behind its button", async ({ page }) => {
  await page.setViewportSize({ width: 380, height: 760 });
  const { id } = await create(page, unique("Narrow"), [start]);
  const pages = [
    "/flows",
    "/executions",
    "/settings/general",
    "/settings/members",
    "/settings/api-keys",
    "/settings/webhooks",
    "/settings/audit",
    `/flows/${id}`,
  ];
  for (const address of pages) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    expect(await sidewaysScroll(page), address).toEqual([]);
  }
  const name = await page.getByRole("textbox", { name: "Flow name" }).boundingBox();
  expect(name?.width).toBeGreaterThan(80);
  await page.goto("/flows");
  await page.getByRole("button", { name: "Open navigation" }).click();
  await page.getByRole("dialog", { name: "Navigation" }).getByRole("link", { name: "Executions" }).click();
  await expect(page.getByRole("heading", { name: "Executions" })).toBeVisible();
  await expect(page.getByRole("dialog", { name: "Navigation" })).toHaveCount(0);
});

test("on a phone a run's status is one line, and the editor leads to the flow's executions", async ({ page }) => {
  await page.setViewportSize({ width: 380, height: 760 });
  const wait = { id: "wait", name: "Ask for approval", type: "wait", position: { x: 240, y: 0 }, parameters: { resume: "approval" } };
  const { id } = await call<{ id: string }>(page.request, "flows.create", {
    name: unique("Phone"),
    graph: { nodes: [start, wait], edges: [{ id: "1", source: "start", target: "wait" }] },
  });
  await page.goto(`/flows/${id}`);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const status = new Editor(page).run.getByRole("status");
  await expect(status).toContainText("Waiting");
  const lineHeight = await status.evaluate((element) => Number.parseFloat(getComputedStyle(element).lineHeight));
  expect((await status.boundingBox())?.height).toBeLessThan(2 * lineHeight);
  expect(await sidewaysScroll(page)).toEqual([]);
  await page.getByRole("button", { name: "More about this flow" }).click();
  await page.getByRole("menuitem", { name: "Executions" }).click();
  await expect(page).toHaveURL(`/executions?flow=${id}`);
});

test("with the keyboard alone: create a flow, add and insert nodes, run it, look at the result", async ({ page }) => {
  const editor = new Editor(page);
  const { keyboard } = page;
  const known = unique("Known");
  await create(page, known);
  await page.goto("/flows");
  // Once the list is there, the page listens.
  await expect(rowOf(page, known)).toBeVisible();
  await keyboard.press("c");
  await expect(page.getByRole("region", { name: "Start the flow" })).toBeVisible();
  await editor.pick("manual");
  await expect(editor.node("Manual Trigger")).toBeFocused();
  await editor.pick("edit fields");
  await expect(editor.node("Edit Fields")).toBeFocused();
  await expect(editor.connection("Manual Trigger", "Edit Fields")).toBeAttached();

  await test.step("insert a node into the connection", async () => {
    const insert = editor.canvas.getByRole("button", { name: "Insert a node from Manual Trigger to Edit Fields" });
    // From the nodes, the connections are before them in the order of Tab.
    await tabTo(insert, "Shift+Tab");
    await keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Nodes" }).fill("no operation");
    await keyboard.press("Enter");
    await expect(editor.connection("Manual Trigger", "No Operation")).toBeAttached();
    await expect(editor.connection("No Operation", "Edit Fields")).toBeAttached();
  });

  await test.step("go to a node, fill in its form, come back", async () => {
    await expect(editor.node("No Operation")).toBeFocused();
    await keyboard.press("ArrowRight");
    await expect(editor.node("Edit Fields")).toBeFocused();
    await keyboard.press("Enter");
    await tabTo(editor.detail.getByRole("button", { name: "Add field" }));
    await keyboard.press("Enter");
    await tabTo(editor.detail.getByRole("textbox", { name: "Name", exact: true }), "Shift+Tab");
    await keyboard.type("greeting");
    await tabTo(editor.detail.getByRole("textbox", { name: "Value", exact: true }));
    await keyboard.type("hello");
    await keyboard.press("Escape");
    await expect(editor.node("Edit Fields")).toBeFocused();
  });

  await keyboard.press("ControlOrMeta+Enter");
  await expect(editor.run.getByRole("status")).toContainText("Succeeded");
  await keyboard.press("Enter");
  await expect(editor.detail.getByRole("region", { name: "Output" })).toContainText("hello");
});

test("the command palette finds flows, pages and commands", async ({ page }) => {
  const name = unique("Quarterly report");
  const { id } = await create(page, name, [start]);
  await page.goto("/executions");
  await expect(page.getByRole("heading", { name: "Executions" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  const field = page.getByRole("combobox");
  await expect(field).toBeFocused();
  await field.fill(name);
  await expect(page.getByRole("option", { name })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/flows/${id}$`));
  await page.keyboard.press("ControlOrMeta+k");
  await field.fill("audit");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings\/audit$/);
  await page.keyboard.press("ControlOrMeta+k");
  await field.fill("theme dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveClass(/dark/);
  await page.keyboard.press("ControlOrMeta+k");
  await field.fill("there is no such thing");
  await expect(page.getByText("Nothing here is called")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(field).toHaveCount(0);
});

test("another organization's flow is one that does not exist", async ({ page, complaints, playwright }) => {
  complaints.allow(/404/);
  const request = await playwright.request.newContext({ baseURL: process.env.E2E_URL });
  const stranger = newAccount("Fedya Dolokhov");
  await register(request, stranger);
  await signIn(request, stranger);
  const { id } = await call<{ id: string }>(request, "flows.create", { name: "Not yours" });
  await request.dispose();
  for (const address of [`/flows/${id}`, "/flows/cm000000000000000000000000", "/executions/exec_none"]) {
    await page.goto(address);
    await expect(page.getByRole("main")).toHaveText(
      "There is nothing at this addressIt was deleted, belongs to another organization, or the link has a mistake.Go to flows",
    );
  }
});
