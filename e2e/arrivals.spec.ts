import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { ask, call } from "./support/accounts";
import { Editor } from "./support/editor";
import { expect, test } from "./support/test";

test.use({ viewport: { width: 1440, height: 900 } });

const unique = (name: string) => `${name} ${randomBytes(3).toString("hex")}`;
const graph = {
  nodes: [
    { id: "h", name: "Order", type: "webhook-trigger", position: { x: 0, y: 0 } },
    {
      id: "f",
      name: "Number",
      type: "set",
      position: { x: 240, y: 0 },
      parameters: { mode: "fields", fields: [{ name: "number", type: "number", value: "={{ $json.body.n }}" }] },
    },
  ],
  edges: [{ id: "e", source: "h", target: "f" }],
};

interface Hook {
  id: string;
  triggers: { url: string; testUrl: string }[];
}

const post = async (page: Page, url: string, n: number) =>
  (await (await page.request.post(url, { data: { n } })).json()) as { arrivalId?: string };

test("calls that came while a flow was off are looked at, replayed and discarded", async ({ page }) => {
  const name = unique("Orders");
  const { id, triggers } = await call<Hook>(page.request, "flows.create", { name, graph, publish: true });
  const url = triggers[0]?.url ?? "";
  await call(page.request, "flows.setActive", { id, active: false });
  // Its process remembers for a moment that it was on.
  await expect.poll(async () => (await post(page, url, 1)).arrivalId).toBeDefined();
  await post(page, url, 2);

  await page.goto("/executions/arrivals");
  const rows = page.getByRole("row").filter({ hasText: name });
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("Flow was off");
  await rows.first().getByRole("button", { name, exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText('"n": 2');
  await page.keyboard.press("Escape");

  await rows
    .first()
    .getByRole("button", { name: `Discard this arrival of ${name}` })
    .click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
  await expect(rows).toHaveCount(1);
  await rows.getByRole("button", { name: "Replay" }).click();
  await expect(rows).toHaveCount(0);

  await page.getByRole("radiogroup", { name: "Which arrivals" }).getByRole("radio", { name: "Replayed" }).click();
  await rows.getByRole("link", { name: "Open execution" }).click();
  await expect(page.getByRole("status").first()).toContainText("Succeeded");
  const { executions } = await ask<{ executions: { status: string }[] }>(page.request, "executions.list", { flowId: id });
  expect(executions.map(({ status }) => status)).toEqual(["succeeded"]);
});

test("a call of the test URL starts nothing; the draft runs with it when somebody says so", async ({ page }) => {
  const { id, triggers } = await call<Hook>(page.request, "flows.create", { name: unique("Tried"), graph });
  const editor = new Editor(page);
  await page.goto(`/flows/${id}`);
  await editor.open("Order");
  await expect(editor.detail).toContainText("Listening for a test event");
  await post(page, triggers[0]?.testUrl ?? "", 42);
  const event = editor.detail.getByRole("list", { name: "Test events" }).getByRole("listitem");
  await expect(event).toHaveCount(1);
  expect(await ask<{ executions: unknown[] }>(page.request, "executions.list", { flowId: id })).toMatchObject({ executions: [] });
  await event.getByRole("button", { name: "Run with it" }).click();
  await editor.close();
  await expect(editor.node("Number", "succeeded")).toBeVisible();
  await editor.open("Number");
  await expect(editor.detail).toContainText("42");
});
