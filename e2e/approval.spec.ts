import type { Page } from "@playwright/test";
import { Editor } from "./support/editor";
import { type RunningApp, startApp } from "./support/server";
import { expect, signedOut, test } from "./support/test";

// An app of its own: it is killed while an execution waits.
let app: RunningApp;
let restarted: RunningApp | undefined;
test.use({ ...signedOut, viewport: { width: 1440, height: 900 } });
test.describe.configure({ mode: "serial" });
test.beforeAll(async () => {
  app = await startApp();
});
test.afterAll(async () => {
  await restarted?.stop();
  await app?.dispose();
});

async function openExample(page: Page): Promise<Editor> {
  await page.goto(`${app.url}/sign-in`);
  await page.getByLabel("E-mail").fill(app.signIn.email);
  await page.getByLabel("Password", { exact: true }).fill(app.signIn.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Expense approval" }).click();
  return new Editor(page);
}

/** Runs the example until it waits, and opens its execution. */
async function runUntilItWaits(page: Page, editor: Editor): Promise<string> {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(editor.run.getByRole("status")).toContainText("Waiting");
  await expect(editor.node("Ask for approval", "waiting")).toBeVisible();
  await editor.run.getByRole("link", { name: "Open the execution" }).click();
  await expect(page).toHaveURL(/\/executions\/exec_/);
  return page.url();
}

const approval = (page: Page) => page.getByRole("region", { name: "Approval: Ask for approval" });
const outputOf = (page: Page) => page.getByRole("dialog").getByRole("region", { name: "Output" });
const step = (page: Page, name: string) =>
  page.getByRole("complementary", { name: "Steps" }).getByRole("listitem").filter({ hasText: name });

test("an approval outlives a crash, is given in the app with a comment, and the flow goes on", async ({ page, complaints }) => {
  const editor = await openExample(page);
  const address = await runUntilItWaits(page, editor);
  await expect(approval(page)).toContainText("Grace Moss asks for 129.9: Train to the customer");

  await test.step("kill it, start it again", async () => {
    complaints.allow(/ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/);
    await app.kill();
    restarted = await startApp({ dataDirectory: app.dataDirectory, port: app.port });
    await page.goto(`${app.url}/executions?status=waiting`);
    await page.getByRole("link", { name: "Expense approval" }).click();
    await expect(page).toHaveURL(address);
  });

  await approval(page).getByRole("textbox", { name: "Comment" }).fill("Have a good trip");
  await approval(page).getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("Approved", { exact: true })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Succeeded" })).toBeVisible();
  await expect(approval(page)).toHaveCount(0);
  await expect(step(page, "Tell why not")).toHaveCount(0);
  await step(page, "Book it").getByRole("button").click();
  await outputOf(page).getByRole("button", { name: "JSON" }).click();
  await expect(outputOf(page)).toContainText("Have a good trip");
  await expect(outputOf(page)).toContainText("booked");
});

test("another one is rejected, in the editor, with the reason", async ({ page }) => {
  const editor = await openExample(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await editor.run.getByRole("button", { name: "Open “Ask for approval”" }).click();
  await approval(page).getByRole("textbox", { name: "Comment" }).fill("Take the slow train");
  await approval(page).getByRole("button", { name: "Reject" }).click();
  await expect(page.getByText("Rejected", { exact: true })).toBeVisible();
  await editor.close();
  await expect(editor.run.getByRole("status")).toContainText("Succeeded");
  await expect(editor.node("Book it", "succeeded")).toHaveCount(0);
  await editor.open("Tell why not");
  await expect(outputOf(page)).toContainText("refused: Take the slow train");
});

test("who has the resume link decides without signing in, once", async ({ page, browser }) => {
  const editor = await openExample(page);
  await test.step("let the flow tell its link", async () => {
    await editor.open("Describe it");
    await editor.detail.getByRole("button", { name: "Add field" }).click();
    const field = editor.detail.getByRole("group", { name: "field 4" });
    await field.getByRole("textbox", { name: "Name" }).fill("link");
    await field.getByRole("textbox", { name: "Value" }).fill("{{ $execution.resumeUrl }}");
    await editor.close();
  });
  await runUntilItWaits(page, editor);
  await step(page, "Describe it").getByRole("button").click();
  const link = await outputOf(page)
    .getByRole("cell", { name: /\/api\/resume\// })
    .getAttribute("title");
  await editor.close();

  const stranger = await (await browser.newContext({ storageState: undefined })).newPage();
  await stranger.goto(link ?? "");
  await expect(stranger.getByRole("heading", { name: "A flow waits for your decision" })).toBeVisible();
  // The page tells nothing of the flow, and looking at it decides nothing.
  await expect(stranger.locator("body")).not.toContainText("Train");
  await expect(approval(page)).toBeVisible();
  await stranger.getByLabel("Comment").fill("Fine by me");
  await stranger.getByRole("button", { name: "Approve" }).click();
  await expect(stranger.getByRole("heading", { name: "Thank you" })).toBeVisible();

  await expect(page.getByRole("status").filter({ hasText: "Succeeded" })).toBeVisible();
  await step(page, "Book it").getByRole("button").click();
  await outputOf(page).getByRole("button", { name: "JSON" }).click();
  await expect(outputOf(page)).toContainText("Fine by me");
  expect((await stranger.goto(link ?? ""))?.status()).toBe(404);
  await stranger.context().close();
});
