import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ask, call, newAccount, register, signIn } from "./support/accounts";
import { Editor } from "./support/editor";
import { type RunningApp, startApp } from "./support/server";
import { expect, test } from "./support/test";

let titles = ["Bread is baked"];
let isDown = false;
let feed: Server;
let app: RunningApp;
const start = (before?: RunningApp): Promise<RunningApp> =>
  startApp({
    environment: { HTTP_ALLOWLIST: `127.0.0.1:${(feed.address() as AddressInfo).port}` },
    ...(before && { port: before.port, dataDirectory: before.dataDirectory }),
  });
test.beforeAll(async () => {
  test.setTimeout(300_000);
  feed = createServer((_, response) => {
    if (isDown) return void response.writeHead(503).end();
    const entries = titles.map((title) => `<item><title>${title}</title><guid>${title}</guid></item>`).join("");
    response.writeHead(200, { "content-type": "application/rss+xml" }).end(`<rss version="2.0"><channel>${entries}</channel></rss>`);
  });
  await new Promise<void>((resolve) => feed.listen(0, "127.0.0.1", resolve));
  app = await start();
});
test.afterAll(async () => {
  feed?.close();
  await app?.dispose();
  if (app) rmSync(app.dataDirectory, { recursive: true, force: true });
});

interface Executions {
  executions: { id: string; mode: string; status: string }[];
}

test("somebody has a flow started by a feed: tries it, publishes it, and each new entry starts it once, whatever goes down", async ({
  browser,
  complaints,
}) => {
  test.setTimeout(240_000);
  const context = await browser.newContext({ baseURL: app.url, storageState: { cookies: [], origins: [] } });
  const account = newAccount();
  await register(context.request, account);
  await signIn(context.request, account);
  const page = await context.newPage();
  complaints.watch(page);
  const editor = new Editor(page);
  const panel = editor.detail.getByRole("region", { name: "Polling" });

  await test.step("pick the trigger and fill it in", async () => {
    await page.goto("/flows");
    await page.getByRole("button", { name: "Create flow" }).first().click();
    await expect(page).toHaveURL(/\/flows\/[^/]+$/);
    await editor.palette.getByRole("searchbox", { name: "Search nodes" }).fill("feed");
    await editor.palette.getByRole("button", { name: "RSS Feed Trigger", exact: true }).click();
    await editor.open("RSS Feed Trigger");
    await editor.detail.getByRole("textbox", { name: "Feed URL" }).fill(`http://127.0.0.1:${(feed.address() as AddressInfo).port}/feed`);
    await expect(panel).toContainText("once the flow is published");
  });

  await test.step("fetch a test event", async () => {
    await panel.getByRole("button", { name: "Fetch test event" }).click();
    await expect(editor.detail.getByRole("region", { name: "Output" })).toContainText("Bread is baked");
    await editor.close();
  });

  await test.step("publish it: what the feed has starts nothing", async () => {
    await page.getByRole("button", { name: "Publish" }).click();
    await editor.open("RSS Feed Trigger");
    await expect(panel).toContainText("Last checked", { timeout: 20_000 });
  });

  const flowId = new URL(page.url()).pathname.split("/").pop() ?? "";
  const polled = async () => {
    const { executions } = await ask<Executions>(context.request, "executions.list", { flowId, mode: ["poll"] });
    return executions.map(({ status }) => status);
  };

  await test.step("a new entry starts it", async () => {
    expect(await polled()).toEqual([]);
    titles = ["Butter is churned", ...titles];
    await panel.getByRole("button", { name: "Check now" }).click();
    await expect.poll(polled, { timeout: 20_000 }).toEqual(["succeeded"]);
  });

  await test.step("a feed that is down says so, and nothing is lost", async () => {
    isDown = true;
    titles = ["Tea is made", ...titles];
    await panel.getByRole("button", { name: "Check now" }).click();
    await expect(panel.getByRole("alert")).toContainText("503", { timeout: 20_000 });
    isDown = false;
    await panel.getByRole("button", { name: "Check now" }).click();
    await expect(panel.getByRole("alert")).toBeHidden({ timeout: 20_000 });
    await expect.poll(polled, { timeout: 20_000 }).toEqual(["succeeded", "succeeded"]);
  });

  await test.step("what comes while everything is down starts it afterwards, and nothing twice", async () => {
    await page.goto("about:blank");
    await app.kill();
    titles = ["Jam is cooked", ...titles];
    app = await start(app);
    const { triggers } = await ask<{ triggers: { id: string }[] }>(context.request, "flows.get", { id: flowId });
    await call(context.request, "triggers.pollNow", { id: triggers[0]?.id });
    await expect.poll(polled, { timeout: 30_000 }).toEqual(["succeeded", "succeeded", "succeeded"]);
  });

  await test.step("the history shows what started it", async () => {
    await page.goto("/executions");
    await expect(page.getByText("Poll", { exact: true })).toHaveCount(3);
  });
  await context.close();
});
