import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { Editor } from "./support/editor";
import { type RunningApp, startApp } from "./support/server";
import { expect, signedOut, test } from "./support/test";

interface Order {
  paid: boolean;
  lines: { price: number; quantity: number }[];
}
const orders = JSON.parse(readFileSync(path.resolve(import.meta.dirname, "../public/samples/orders.json"), "utf8")) as Order[];
const totals = orders
  .filter((order) => order.paid)
  .map((order) => Number(order.lines.reduce((sum, line) => sum + line.price * line.quantity, 0).toFixed(2)));
const large = totals.filter((total) => total >= 200);
const small = totals.length - large.length;
const PICTURE = path.resolve(import.meta.dirname, "../docs/images/editor.png");
const items = (count: number) => `${count} items`;

// Takes half a second, so that it can be watched at work.
const SUMMARY = `const started = Date.now();
while (Date.now() - started < 500);
const orders = $input.all().map((item) => item.json);
return [{ json: {
  orders: orders.length,
  review: orders.filter((order) => order.lane === 'review').length,
  revenue: Number(orders.reduce((sum, order) => sum + order.total, 0).toFixed(2)),
} }];`;

// An app of its own: it is killed on the way.
let app: RunningApp;
let restarted: RunningApp | undefined;
test.use({ ...signedOut, viewport: { width: 1440, height: 900 }, colorScheme: "light" });
test.beforeAll(async () => {
  app = await startApp();
});
test.afterAll(async () => {
  await restarted?.stop();
  await app?.dispose();
});

/** What each step gives, in all its outputs together. */
const counts: Record<string, string> = {
  "Manual Trigger": "1 item",
  "Fetch orders": items(orders.length),
  "Only paid": items(totals.length),
  "Compute total": items(totals.length),
  "Large order?": items(totals.length),
  "Needs a look": items(large.length),
  "Ship at once": items(small),
  Merge: items(totals.length),
  Summary: "1 item",
};
/** What each step takes; Merge from two sides. */
const before: Record<string, string> = {
  "Fetch orders": "1 item",
  "Only paid": items(orders.length),
  "Compute total": items(totals.length),
  "Large order?": items(totals.length),
  "Needs a look": items(large.length),
  "Ship at once": items(small),
  Merge: items(large.length),
  Summary: items(totals.length),
};
const outputs = (node: string, count: string): string[] =>
  node === "Large order?" ? [`true${large.length}`, `false${small}`, items(large.length)] : [count];

/** Notes from now on what the labels of the nodes say, at every change; the result tells all that was shown at once. */
async function watchLabels(page: Page): Promise<() => Promise<string[][]>> {
  await page.evaluate(() => {
    const seen: string[][] = [];
    Object.assign(window, { seen });
    const canvas = document.querySelector("section[aria-label=Canvas]");
    if (!canvas) throw new Error("There is no canvas");
    new MutationObserver(() => {
      seen.push([...canvas.querySelectorAll("[aria-roledescription=node]")].map((node) => node.getAttribute("aria-label") ?? ""));
    }).observe(canvas, { subtree: true, attributes: true, childList: true });
  });
  return () => page.evaluate(() => (window as unknown as { seen: string[][] }).seen);
}

async function signIn(page: Page): Promise<void> {
  await page.goto(app.url);
  await page.getByLabel("E-mail").fill(app.signIn.email);
  await page.getByLabel("Password", { exact: true }).fill(app.signIn.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Flows", level: 1 })).toBeVisible();
}

test("order triage, drawn by hand, runs live, answers its webhook, and is in the history after a crash", async ({ page }) => {
  test.setTimeout(240_000);
  const editor = new Editor(page);

  await test.step("sign in and create a flow", async () => {
    await signIn(page);
    await page.getByRole("button", { name: "Create flow" }).first().click();
    await page.getByRole("textbox", { name: "Flow name" }).fill("Order triage by hand");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Order triage by hand" })).toBeAttached();
  });

  await test.step("draw: drag from the palette, pick with the keyboard", async () => {
    await editor.drop("Manual Trigger", { x: 90, y: 330 });
    await editor.drop("Webhook", { x: 90, y: 510 });
    await editor.node("Manual Trigger").click();
    await editor.pick("http");
    await editor.pick("filter");
    await editor.pick("edit fields");
    await editor.pick("if");
    for (const [from, to] of [
      ["Manual Trigger", "HTTP Request"],
      ["HTTP Request", "Filter"],
      ["Filter", "Edit Fields"],
      ["Edit Fields", "If"],
    ] as const) {
      await expect(editor.connection(from, to)).toBeAttached();
    }
    await editor.pick("edit fields");
    await expect(editor.connection("If", "Edit Fields 1")).toBeAttached();
    await page.getByRole("button", { name: "Fit to screen" }).click();
    await editor.node("If").click();
    await editor.pick("edit fields");
    await expect(editor.connection("If", "Edit Fields 2")).toBeAttached();
  });

  await test.step("draw: connect by dragging from port to port", async () => {
    await page.getByRole("button", { name: "Zoom out" }).click();
    await editor.drop("Merge", { x: 1090, y: 340 });
    await editor.connect("Edit Fields 1", "Merge", { to: "input1" });
    await editor.connect("Edit Fields 2", "Merge", { to: "input2" });
    await editor.connect("Webhook", "HTTP Request");
    await editor.node("Merge").click();
    await editor.pick("code");
    await expect(editor.connection("Merge", "Code")).toBeAttached();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+L");
    await page.keyboard.press("Shift+Digit1");
  });

  await test.step("fill in the forms", async () => {
    await editor.open("Webhook");
    await editor.choose("Respond", "When the last node finishes");
    await editor.close();

    await editor.open("HTTP Request");
    await editor.name("Fetch orders");
    await editor.detail.getByRole("textbox", { name: "URL" }).fill(`${app.url}/samples/orders.json`);
    await editor.close();

    await editor.open("Filter");
    await editor.name("Only paid");
    await editor.detail.getByRole("button", { name: "Add condition" }).click();
    await editor.detail.getByRole("textbox", { name: "Condition 1: value" }).click();
    // Two braces make it an expression, and the typing goes on in it.
    await page.keyboard.type("{{ $json.paid }}");
    await expect(editor.detail.getByRole("textbox", { name: "Condition 1: value" })).toHaveText("{{ $json.paid }}");
    await editor.choose("Condition 1: type", "Boolean");
    await editor.choose("Condition 1: operation", "is true");
    await editor.close();

    await editor.open("Edit Fields");
    await editor.name("Compute total");
    await editor.detail.getByRole("button", { name: "Add field" }).click();
    const field = editor.detail.getByRole("group", { name: "field 1" });
    await field.getByRole("textbox", { name: "Name" }).fill("total");
    await editor.choose("Type", "Number");
    await field.getByRole("button", { name: "Value: expression" }).click();
    await editor.write("Value", "{{ $json.lines.reduce((sum, line) => sum + line.price * line.quantity, 0).round(2) }}");
    await editor.choose("Other input fields", "Keep the selected");
    await editor.detail.getByRole("textbox", { name: "Fields to keep" }).fill("id, customer");
    await editor.close();

    await editor.open("If");
    await editor.name("Large order?");
    await editor.detail.getByRole("button", { name: "Add condition" }).click();
    await editor.detail.getByRole("textbox", { name: "Condition 1: value" }).fill("{{ $json.total }}");
    await editor.choose("Condition 1: type", "Number");
    await editor.choose("Condition 1: operation", "is greater than or equal to");
    await editor.detail.getByRole("textbox", { name: "Condition 1: compared with" }).fill("200");
    await editor.close();

    for (const [node, name, lane] of [
      ["Edit Fields 1", "Needs a look", "review"],
      ["Edit Fields 2", "Ship at once", "ship"],
    ] as const) {
      await editor.open(node);
      await editor.name(name);
      await editor.detail.getByRole("button", { name: "Add field" }).click();
      await editor.detail.getByRole("textbox", { name: "Name", exact: true }).fill("lane");
      await editor.detail.getByRole("textbox", { name: "Value", exact: true }).fill(lane);
      await editor.choose("Other input fields", "Keep all");
      await editor.close();
    }

    await editor.open("Code");
    await editor.name("Summary");
    await editor.write("Code", SUMMARY);
    await editor.close();
    await expect(editor.saved).toBeVisible();
  });

  await test.step("run it and watch the steps light up", async () => {
    const seen = await watchLabels(page);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(editor.run.getByRole("status")).toContainText("Succeeded");
    for (const [node, count] of Object.entries(counts)) await expect(editor.node(node, `succeeded, ${count}, `)).toBeVisible();
    await expect(editor.node("Webhook", "succeeded")).toHaveCount(0);
    await expect(editor.label("Fetch orders", "Only paid")).toHaveText(items(orders.length));
    await expect(editor.label("Compute total", "Large order?")).toHaveText(items(totals.length));
    await expect(editor.label("Large order?", "Needs a look")).toHaveText(items(large.length));
    await expect(editor.label("Large order?", "Ship at once")).toHaveText(items(small));
    // Not all at once at the end: the last was at work when the first was done.
    const shown = await seen();
    expect(shown.some((labels) => labels.includes("Summary, running") && labels.some((label) => /^Only paid, succeeded/.test(label)))).toBe(
      true,
    );
  });

  await test.step("take the README's picture", async () => {
    if (existsSync(PICTURE) && process.env.UPDATE_SCREENSHOTS !== "1") return;
    // Once on the drawing's ground: nothing selected, nothing hovered, the whole flow in sight.
    await editor.canvas.click({ position: { x: 500, y: 700 } });
    await page.getByRole("button", { name: "Fit to screen" }).click();
    await editor.palette.getByRole("button", { name: "Manual Trigger" }).scrollIntoViewIfNeeded();
    await page.mouse.move(700, 860);
    await expect(page.getByRole("tooltip")).toHaveCount(0);
    mkdirSync(path.dirname(PICTURE), { recursive: true });
    await page.screenshot({ path: PICTURE, animations: "disabled" });
  });

  await test.step("look into a node: input, parameters as resolved, output", async () => {
    await editor.open("Compute total");
    await expect(editor.detail.getByRole("region", { name: "Input" })).toContainText(items(totals.length));
    await expect(editor.detail.getByRole("region", { name: "Input" })).toContainText("lines");
    const output = editor.detail.getByRole("region", { name: "Output" });
    await expect(output.getByRole("columnheader", { name: "total" })).toBeVisible();
    await expect(output.getByRole("cell", { name: String(totals[0]), exact: true })).toBeVisible();
    await editor.detail.getByRole("tab", { name: "As resolved" }).click();
    await expect(editor.detail.getByRole("tabpanel")).toContainText(String(totals[0]));
    await editor.close();
  });

  let answer: unknown;
  await test.step("publish, call the webhook", async () => {
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await expect(page.getByText("Published version 1")).toBeVisible();
    // The first publication switches it on.
    await expect(page.getByRole("switch", { name: "Active" })).toBeChecked();
    await editor.open("Webhook");
    const url = await editor.detail.getByRole("region", { name: "Webhook URL" }).getByRole("code").textContent();
    await editor.close();
    const response = await page.request.post(url ?? "", { data: {} });
    expect(response.status()).toBe(200);
    answer = await response.json();
    expect(answer).toEqual({
      orders: totals.length,
      review: large.length,
      revenue: Number(totals.reduce((sum, total) => sum + total, 0).toFixed(2)),
    });
  });

  await test.step("kill it, start it again", async () => {
    const { dataDirectory, port } = app;
    await app.kill();
    restarted = await startApp({ dataDirectory, port });
  });

  await test.step("find both runs in the history, with every step's input and output", async () => {
    await page.goto(`${app.url}/executions`);
    const rows = page.getByRole("row").filter({ has: page.getByRole("link", { name: "Order triage by hand" }) });
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(0)).toContainText("Succeeded");
    await expect(rows.nth(0)).toContainText("Webhook");
    await rows.filter({ hasText: "Editor" }).getByRole("link", { name: "Order triage by hand" }).click();
    const steps = page.getByRole("complementary", { name: "Steps" }).getByRole("listitem");
    await expect(steps).toHaveCount(Object.keys(counts).length);
    for (const [node, count] of Object.entries(counts)) {
      await steps.filter({ hasText: node }).getByRole("button").click();
      await expect(editor.detail.getByRole("heading", { name: node })).toBeVisible();
      const output = editor.detail.getByRole("region", { name: "Output" });
      for (const each of outputs(node, count)) await expect(output).toContainText(each);
      const fed = before[node];
      if (fed) await expect(editor.detail.getByRole("region", { name: "Input" })).toContainText(fed);
      await editor.close();
    }
  });
});
