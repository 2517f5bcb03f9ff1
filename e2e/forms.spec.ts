import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { call } from "./support/accounts";
import { Editor } from "./support/editor";
import { expect, signedOut, test } from "./support/test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Created {
  id: string;
  triggers: { url: string | null }[];
}

const at = (column: number) => ({ x: column * 220, y: 0 });
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target });

/** Three pages; between the first two the flow works something out and takes its time. */
const order = {
  nodes: [
    {
      id: "form",
      name: "Order",
      type: "form-trigger",
      position: at(0),
      parameters: { title: "Order bread", fields: [{ label: "Your name", type: "text", required: true }] },
    },
    { id: "oven", name: "Oven", type: "wait", position: at(1), parameters: { amount: 2, unit: "seconds" } },
    {
      id: "details",
      name: "Details",
      type: "form",
      position: at(2),
      parameters: {
        title: "=Hello {{ $json['Your name'] }}",
        description: "={{ $json['Your name'].length * 3 }} loaves are left.",
        fields: [{ label: "Loaves", type: "number", required: true }],
        buttonLabel: "Next",
      },
    },
    {
      id: "address",
      name: "Address",
      type: "form",
      position: at(3),
      parameters: { title: "Where to?", fields: [{ label: "Town", type: "dropdown", options: "Oslo\nTurku" }] },
    },
    {
      id: "end",
      name: "End",
      type: "form",
      position: at(4),
      parameters: {
        operation: "ending",
        endTitle: "=Thanks, {{ $('Order').item.json['Your name'] }}",
        endText: "=To {{ $json.Town }} they go.",
      },
    },
  ],
  edges: [edge("form", "oven"), edge("oven", "details"), edge("details", "address"), edge("address", "end")],
};

test("a visitor fills in three pages on a phone, in the dark, with the keyboard; each page counts once", async ({
  page,
  browser,
  complaints,
}) => {
  const { triggers } = await call<Created>(page.request, "flows.create", { name: "Order bread", publish: true, graph: order });
  const address = triggers[0]?.url ?? "";
  const context = await browser.newContext({ ...signedOut, viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  const visitor = await context.newPage();
  complaints.watch(visitor);
  const isReadable = async () => {
    // The page lets no script in; the browser's own tools may.
    await visitor.evaluate(axe);
    const { violations } = await visitor.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    expect(await visitor.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  };

  await test.step("the first page, and a calm wait", async () => {
    await visitor.goto(address);
    await isReadable();
    await visitor.keyboard.press("Tab");
    await expect(visitor.getByLabel("Your name")).toBeFocused();
    await visitor.keyboard.type("Grace Hopper");
    await visitor.keyboard.press("Enter");
    await expect(visitor.getByRole("status")).toContainText("are being worked on");
    await isReadable();
  });

  await test.step("the second page comes by itself, and survives a reload", async () => {
    await expect(visitor.getByRole("heading", { name: "Hello Grace Hopper" })).toBeVisible();
    await expect(visitor.getByText("36 loaves are left.")).toBeVisible();
    await visitor.reload();
    await expect(visitor.getByRole("heading", { name: "Hello Grace Hopper" })).toBeVisible();
    await isReadable();
  });

  const other = await context.newPage();
  complaints.watch(other);
  await other.goto(visitor.url());

  await test.step("two clicks are one, and the other tab is led on", async () => {
    await visitor.getByLabel("Loaves").fill("2");
    await visitor.getByRole("button", { name: "Next" }).dblclick();
    await expect(visitor.getByRole("heading", { name: "Where to?" })).toBeVisible();
    await other.getByLabel("Loaves").fill("9");
    await other.getByRole("button", { name: "Next" }).click();
    await expect(other.getByText("That page is closed")).toBeVisible();
    await expect(other.getByLabel("Town")).toBeVisible();
  });

  await test.step("the end stays where it is, also for the one who goes back", async () => {
    await visitor.getByLabel("Town").selectOption("Turku");
    await visitor.getByRole("button", { name: "Submit" }).click();
    await expect(visitor.getByRole("heading", { name: "Thanks, Grace Hopper" })).toBeVisible();
    await expect(visitor.getByText("To Turku they go.")).toBeVisible();
    await isReadable();
    const ended = visitor.url();
    await visitor.reload();
    await expect(visitor.getByRole("heading", { name: "Thanks, Grace Hopper" })).toBeVisible();
    expect(visitor.url()).toBe(ended);
  });
  await context.close();

  await page.goto("/executions");
  await page.getByRole("link", { name: "Order bread" }).click();
  await expect(page.getByRole("status").first()).toContainText("Succeeded");
});

test("a form of several pages works without scripts", async ({ page, browser }) => {
  const nodes = order.nodes.filter(({ id }) => id !== "oven");
  const edges = [edge("form", "details"), edge("details", "address"), edge("address", "end")];
  const { triggers } = await call<Created>(page.request, "flows.create", { name: "Plain order", publish: true, graph: { nodes, edges } });
  const context = await browser.newContext({ ...signedOut, javaScriptEnabled: false });
  const visitor = await context.newPage();
  await visitor.goto(triggers[0]?.url ?? "");
  await visitor.getByLabel("Your name").fill("Ada");
  await visitor.getByRole("button", { name: "Submit" }).click();
  await visitor.getByLabel("Loaves").fill("1");
  await visitor.getByRole("button", { name: "Next" }).click();
  await visitor.getByLabel("Town").selectOption("Oslo");
  await visitor.getByRole("button", { name: "Submit" }).click();
  await expect(visitor.getByRole("heading", { name: "Thanks, Ada" })).toBeVisible();
  await context.close();
});

test("whoever builds the form tries its pages from the editor", async ({ page }) => {
  const nodes = order.nodes.filter(({ id }) => id === "details");
  const start = { id: "s", name: "Start", type: "manual-trigger", position: at(0) };
  const { id } = await call<Created>(page.request, "flows.create", {
    name: "Tried form",
    graph: {
      nodes: [start, { ...nodes[0], parameters: { title: "Tried", fields: [{ label: "Colour" }] } }],
      edges: [edge("s", "details")],
    },
  });
  const editor = new Editor(page);
  await page.goto(`/flows/${id}`);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(editor.node("Details", "waiting")).toBeVisible();
  await editor.open("Details");
  const [form] = await Promise.all([page.waitForEvent("popup"), editor.detail.getByRole("link", { name: "Open the form" }).click()]);
  await form.getByLabel("Colour").fill("teal");
  await form.getByRole("button", { name: "Submit" }).click();
  await expect(form.getByText("Your answer was sent.")).toBeVisible();
  await form.close();
  await expect(editor.detail.getByText("teal").first()).toBeVisible();
});
