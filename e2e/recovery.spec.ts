import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { call, newAccount, register, signIn } from "./support/accounts";
import { Editor } from "./support/editor";
import { type RunningApp, startApp } from "./support/server";
import { expect, signedOut, test } from "./support/test";

/** What the outside saw: calls by path. */
const seen = new Map<string, number>();
const outside = createServer((request, response) => {
  const path = request.url ?? "";
  seen.set(path, (seen.get(path) ?? 0) + 1);
  response.setHeader("content-type", "application/json").end(JSON.stringify({ number: seen.get(path) }));
});

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
test.afterAll(async () => {
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

test("a flow that failed is mended and resumed: what was sent is not sent again", async ({ browser, complaints }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ baseURL: app.url, viewport: { width: 1440, height: 900 } });
  const account = newAccount();
  await register(context.request, account);
  await signIn(context.request, account);
  const page = await context.newPage();
  complaints.watch(page);
  const { id } = await call<{ id: string }>(context.request, "flows.create", { name: "Charge and tell", graph: graph() });
  const editor = new Editor(page);
  const status = page.getByRole("banner").or(page.locator("header")).getByRole("status");
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
  await context.close();
});
