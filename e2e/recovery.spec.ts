import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "@playwright/test";
import { ask, call, newAccount, register, signIn } from "./support/accounts";
import { Editor } from "./support/editor";
import { type RunningApp, startApp } from "./support/server";
import { type Complaints, expect, signedOut, test } from "./support/test";

/** What the outside saw: calls by path. */
const seen = new Map<string, number>();
const outside = createServer((request, response) => {
  const path = request.url ?? "";
  seen.set(path, (seen.get(path) ?? 0) + 1);
  // Does what it is asked for, and never says so.
  if (path === "/silent") return;
  response.setHeader("content-type", "application/json").end(JSON.stringify({ number: seen.get(path) }));
});

// One app for all of them.
test.describe.configure({ mode: "default" });

let app: RunningApp;
let address = "";
test.use(signedOut);
test.beforeAll(async () => {
  test.setTimeout(300_000);
  await new Promise<void>((resolve) => outside.listen(0, "127.0.0.1", resolve));
  address = `127.0.0.1:${(outside.address() as AddressInfo).port}`;
  // An app of its own: it may call the server above.
  app = await startApp({ environment: { HTTP_ALLOWLIST: address } });
});
test.beforeEach(() => seen.clear());
test.afterAll(async () => {
  outside.closeAllConnections();
  outside.close();
  await app?.dispose();
});

const graph = () => ({
  nodes: [
    { id: "s", name: "Start", type: "manual-trigger", position: { x: 0, y: 0 } },
    {
      id: "p",
      name: "Charge",
      type: "http-request",
      position: { x: 220, y: 0 },
      parameters: { method: "POST", url: `http://${address}/charge` },
    },
    {
      id: "c",
      name: "Work out",
      type: "code",
      position: { x: 440, y: 0 },
      parameters: { code: "throw new Error('Account 4711 is closed');" },
    },
    {
      id: "n",
      name: "Tell",
      type: "http-request",
      position: { x: 660, y: 0 },
      parameters: { method: "POST", url: `http://${address}/tell` },
    },
  ],
  edges: [
    { id: "e1", source: "s", target: "p" },
    { id: "e2", source: "p", target: "c" },
    { id: "e3", source: "c", target: "n" },
  ],
});

/** A page of an account of its own on this app. */
async function newcomer(browser: Browser, complaints: Complaints): Promise<Page> {
  const context = await browser.newContext({ baseURL: app.url, viewport: { width: 1440, height: 900 } });
  const account = newAccount();
  await register(context.request, account);
  await signIn(context.request, account);
  const page = await context.newPage();
  complaints.watch(page);
  return page;
}

const statusOf = (page: Page) => page.getByRole("banner").or(page.locator("header")).getByRole("status");
const rows = (page: Page) =>
  page
    .getByRole("table")
    .getByRole("row")
    .filter({ has: page.getByRole("link") });

test("a flow that failed is mended and resumed: what was sent is not sent again", async ({ browser, complaints }) => {
  test.setTimeout(120_000);
  const page = await newcomer(browser, complaints);
  const { id } = await call<{ id: string }>(page.request, "flows.create", { name: "Charge and tell", graph: graph() });
  const editor = new Editor(page);
  const status = statusOf(page);
  let failed = "";

  await test.step("it fails after it has charged", async () => {
    await page.goto(`/flows/${id}`);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(editor.node("Work out", "failed")).toBeVisible();
    await editor.run.getByRole("link", { name: "Open the execution" }).click();
    await expect(page.getByRole("alert", { name: "Error" })).toContainText("Account 4711 is closed");
    failed = page.url();
    expect(Object.fromEntries(seen)).toEqual({ "/charge": 1 });
  });

  await test.step("mend the step", async () => {
    await page.getByRole("heading", { level: 1 }).getByRole("link").click();
    await editor.open("Work out");
    await editor.write("Code", "return $input.all();");
    await editor.close();
    await expect(editor.saved).toBeVisible();
  });

  await test.step("the plan says what is taken over, and what runs", async () => {
    await page.goto(failed);
    await page.getByRole("button", { name: "Resume…" }).click();
    const steps = page.getByRole("dialog").getByRole("list", { name: "Steps" }).getByRole("listitem");
    await expect(steps.filter({ hasText: "Charge" })).toContainText("taken over");
    await expect(steps.filter({ hasText: "Work out" })).toContainText("runs");
    await page.getByRole("dialog").getByRole("button", { name: "Resume", exact: true }).click();
  });

  await test.step("it goes on where it stood", async () => {
    await expect(page).not.toHaveURL(failed);
    await expect(status.filter({ hasText: "Succeeded" })).toBeVisible();
    await expect(page.getByRole("complementary", { name: "Steps" }).getByRole("listitem")).toHaveCount(4);
    expect(Object.fromEntries(seen)).toEqual({ "/charge": 1, "/tell": 1 });
  });
  await page.context().close();
});

test("a payment that nobody answered for waits for a decision: it is found in the list, decided once, and the flow goes on", async ({
  browser,
  complaints,
}) => {
  test.setTimeout(120_000);
  const page = await newcomer(browser, complaints);
  const { nodes, edges } = graph();
  const [start, charge, , tell] = nodes;
  const silent = {
    ...charge,
    parameters: { method: "POST", url: `http://${address}/silent`, timeoutMs: 300 },
    settings: { unclear: "ask" },
  };
  const told = { ...tell, parameters: { method: "POST", url: `=http://${address}/receipt-{{ $json.receipt }}` } };
  const { id } = await call<{ id: string }>(page.request, "flows.create", {
    name: "Pay and tell",
    graph: { nodes: [start, silent, told], edges: [edges[0], { id: "e2", source: "p", target: "n" }] },
  });
  await call(page.request, "executions.start", { flowId: id, triggerNodeId: "s" });
  await page.goto("/executions");
  await page.getByRole("button", { name: "Needs decision" }).click();
  await rows(page).filter({ hasText: "Pay and tell" }).getByRole("link", { name: "Pay and tell" }).click();
  const decision = page.getByRole("region", { name: "Decision: Charge" });
  await expect(decision).toContainText("Nobody knows whether “Charge” was done");
  await decision.getByRole("textbox", { name: "What it gave" }).fill("no JSON");
  await decision.getByRole("button", { name: "It was done" }).click();
  await expect(decision).toContainText("must be a JSON object");
  await decision.getByRole("textbox", { name: "What it gave" }).fill('{"receipt": 7}');
  await decision.getByRole("button", { name: "It was done" }).click();
  await expect(statusOf(page).filter({ hasText: "Succeeded" })).toBeVisible();
  await expect(decision).toHaveCount(0);
  expect(Object.fromEntries(seen)).toEqual({ "/silent": 1, "/receipt-7": 1 });
  await page.goto("/executions?decision=needed");
  await expect(page.getByText("No execution matches these filters")).toBeVisible();
  await page.context().close();
});

test("executions that failed alike are found by a value and by their error, and resumed together once the flow is mended", async ({
  browser,
  complaints,
}) => {
  test.setTimeout(120_000);
  const page = await newcomer(browser, complaints);
  const { id } = await call<{ id: string }>(page.request, "flows.create", { name: "Charge and tell", graph: graph() });
  for (const order_id of [123, 124]) {
    await call(page.request, "executions.start", { flowId: id, triggerNodeId: "s", items: [{ json: { order_id } }] });
  }
  await page.goto("/executions");
  await expect(rows(page).filter({ hasText: "Account 4711 is closed" })).toHaveCount(2);

  await test.step("by a value that one of them was given", async () => {
    const search = page.getByRole("searchbox", { name: "Search what executions were given and gave" });
    // It is in the index a few seconds after its end.
    await expect(async () => {
      await search.fill("");
      await search.press("Enter");
      await search.fill("order_id = 123");
      await search.press("Enter");
      await expect(rows(page)).toHaveCount(1, { timeout: 2_000 });
    }).toPass();
    await page.getByRole("button", { name: "Clear all", exact: true }).click();
    await expect(rows(page)).toHaveCount(2);
  });

  await test.step("by their error, and all of them at once", async () => {
    const mended = graph();
    mended.nodes[2]!.parameters = { code: "return $input.all();" } as never;
    const { revision } = await ask<{ revision: number }>(page.request, "flows.get", { id });
    await call(page.request, "flows.saveDraft", { id, graph: mended, revision });
    await rows(page)
      .first()
      .getByRole("button", { name: /^Actions of this execution/ })
      .click();
    await page.getByRole("menuitem", { name: "Show same error" }).click();
    await page.getByRole("region", { name: "Same error" }).getByRole("button", { name: "Resume all…" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("2 executions");
    await dialog.getByRole("button", { name: "Resume 2 executions" }).click();
    await expect(dialog).toHaveCount(0);
    await page.goto("/executions?status=succeeded");
    await expect(rows(page)).toHaveCount(2);
    expect(Object.fromEntries(seen)).toEqual({ "/charge": 2, "/tell": 2 });
  });
  await page.context().close();
});
