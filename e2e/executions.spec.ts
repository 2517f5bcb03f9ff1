import { ask, call } from "./support/accounts";
import { Editor } from "./support/editor";
import { expect, signedOut, test } from "./support/test";

test.use({ viewport: { width: 1440, height: 900 } });

interface Created {
  id: string;
  triggers: { url: string | null }[];
}

const at = (column: number) => ({ x: column * 220, y: 0 });
const start = { id: "s", name: "Start", type: "manual-trigger", position: at(0) };
const hold = { id: "w", name: "Ask", type: "wait", position: at(1), parameters: { resume: "approval", message: "Go on?" } };
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target });

test("an execution that is under way is paused, and goes on when it is resumed", async ({ page }) => {
  const { id } = await call<Created>(page.request, "flows.create", {
    name: "Paused",
    graph: { nodes: [start, hold], edges: [edge("s", "w")] },
  });
  const { executionId } = await call<{ executionId: string }>(page.request, "executions.start", { flowId: id, triggerNodeId: "s" });
  await page.goto(`/executions/${executionId}`);
  const status = page.getByRole("status").first();
  await expect(status).toContainText("Waiting");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(status).toContainText("Paused");
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await expect(status).toContainText("Waiting");
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(status).toContainText("Succeeded");
});

test("a flow runs another one; each execution leads to the other", async ({ page }) => {
  const child = await call<Created>(page.request, "flows.create", {
    name: "Look up a customer",
    publish: true,
    graph: {
      nodes: [
        { id: "t", name: "When called", type: "flow-trigger", position: at(0) },
        {
          id: "a",
          name: "Answer",
          type: "set",
          position: at(1),
          parameters: { mode: "fields", fields: [{ name: "customer", type: "string", value: "Ada" }], include: "all" },
        },
      ],
      edges: [edge("t", "a")],
    },
  });
  const parent = await call<Created>(page.request, "flows.create", {
    name: "Greet a customer",
    graph: { nodes: [start, { id: "x", name: "Call", type: "execute-flow", position: at(1) }], edges: [edge("s", "x")] },
  });
  const editor = new Editor(page);
  await page.goto(`/flows/${parent.id}`);
  await editor.open("Call");
  await editor.detail.getByRole("button", { name: "Flow: Choose a flow" }).click();
  await page.getByRole("option", { name: /Look up a customer/ }).click();
  await editor.close();
  await expect(editor.saved).toBeVisible();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(editor.node("Call", "succeeded")).toBeVisible();
  await editor.run.getByRole("link", { name: "Open the execution" }).click();
  await expect(page).toHaveURL(/\/executions\/exec_/);
  const parentAddress = page.url();
  await page.getByRole("button", { name: "Started 1 execution" }).click();
  await page
    .getByRole("list", { name: "Executions that its steps started" })
    .getByRole("link", { name: /Look up a customer/ })
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Look up a customer");
  expect(child.id).not.toBe(parent.id);
  await page.getByRole("link", { name: "Started by Greet a customer" }).click();
  await expect(page).toHaveURL(parentAddress);
});

test.describe("a form", () => {
  test("is opened from its node, sent by somebody without an account, and starts the flow with what they wrote", async ({
    page,
    browser,
    complaints,
  }) => {
    const fields = [
      { label: "Your name", type: "text", required: true },
      { label: "About", type: "dropdown", options: "Sales\nSupport" },
    ];
    const { id } = await call<Created>(page.request, "flows.create", {
      name: "Contact form",
      publish: true,
      graph: {
        nodes: [{ id: "f", name: "Contact", type: "form-trigger", position: at(0), parameters: { title: "Write to us", fields } }],
        edges: [],
      },
    });
    const editor = new Editor(page);
    await page.goto(`/flows/${id}`);
    await editor.open("Contact");
    const address = await editor.detail.getByRole("link", { name: "Open the page" }).getAttribute("href");
    const context = await browser.newContext(signedOut);
    const form = await context.newPage();
    complaints.watch(form);
    await form.goto(address ?? "");
    await expect(form.getByRole("heading", { name: "Write to us" })).toBeVisible();
    await form.getByLabel("Your name").fill("Natasha Rostova");
    await form.getByLabel("About").selectOption("Support");
    await form.getByRole("button", { name: "Submit" }).click();
    await expect(form.getByText("Thank you. Your answer was sent.")).toBeVisible();
    await context.close();
    await page.goto("/executions");
    await page.getByRole("searchbox", { name: /^Search what executions/ }).fill("Natasha Rostova");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("link", { name: "Contact form" })).toHaveCount(1);
    await page.getByRole("link", { name: "Contact form" }).click();
    await expect(page.getByRole("status").first()).toContainText("Succeeded");
  });
});

test("a flow that runs one at a time skips what comes meanwhile, as its settings say", async ({ page }) => {
  const { id } = await call<Created>(page.request, "flows.create", {
    name: "One at a time",
    publish: true,
    graph: {
      nodes: [{ id: "h", name: "Hook", type: "webhook-trigger", position: at(0), parameters: { method: "POST" } }, hold],
      edges: [edge("h", "w")],
    },
  });
  const editor = new Editor(page);
  await page.goto(`/flows/${id}`);
  await expect(editor.node("Hook")).toBeVisible();

  await test.step("limit it to one, and skip", async () => {
    await page.getByRole("button", { name: "More about this flow" }).click();
    await page.getByRole("menuitem", { name: "Flow settings" }).click();
    const dialog = page.getByRole("dialog", { name: "Flow settings" });
    await dialog.getByRole("switch", { name: "Limit executions at the same time" }).click();
    await dialog.getByLabel("At most").fill("1");
    await dialog.getByRole("combobox", { name: "One more that comes" }).click();
    await page.getByRole("option", { name: "It is skipped" }).click();
    await dialog.getByRole("button", { name: "Done" }).click();
    await expect(editor.saved).toBeVisible();
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await expect(page.getByRole("button", { name: "Published", exact: true })).toBeVisible();
  });

  const { triggers } = await ask<Created>(page.request, "flows.get", { id });
  const url = triggers[0]?.url ?? "";
  const send = (order: number) => page.request.post(url, { data: { order } });

  await test.step("the second call meets the first one, which still waits", async () => {
    await send(1);
    await page.goto(`/executions?flow=${id}`);
    await expect(page.getByRole("row").filter({ hasText: "Waiting" })).toHaveCount(1);
    await send(2);
    await expect(page.getByRole("row").filter({ hasText: "Cancelled" })).toHaveCount(1);
    await expect(page.getByRole("row").filter({ hasText: "Waiting" })).toHaveCount(1);
  });
});
