import { LiveRun } from "./support/live-run";
import { type Network, startNetwork } from "./support/network";
import { type RunningApp, startApp } from "./support/server";
import { expect, signedOut, test } from "./support/test";

let app: RunningApp;
let network: Network;

test.use(signedOut);
test.beforeAll(async () => {
  test.setTimeout(300_000);
  app = await startApp();
  network = await startNetwork(app.port);
});
test.afterAll(async () => {
  await network?.close();
  await app?.dispose();
});

test("over server-sent events the canvas ends as the database, though the network went away in the middle", async ({
  browser,
  playwright,
  complaints,
}) => {
  test.setTimeout(120_000);
  // Browsers report every request that a network which is away fails.
  complaints.allow(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED_ENCODING/);
  const context = await browser.newContext({ baseURL: network.url });
  const request = await playwright.request.newContext({ baseURL: app.url });
  const requested: string[] = [];
  context.on("page", (page) => {
    complaints.watch(page);
    page.on("request", (sent) => requested.push(new URL(sent.url()).pathname));
  });
  const goOffline = async () => {
    await context.setOffline(true);
    network.cut();
  };
  const goOnline = async () => {
    network.mend();
    await context.setOffline(false);
  };
  const run = await LiveRun.start(app, context, request);

  await test.step("the canvas follows over a stream", async () => {
    await run.untilWaiting("Hold once");
    await run.expectCanvasAsDatabase();
    expect(requested.some((path) => path.includes("executions.live"))).toBe(true);
  });

  await test.step("without a network the page says so; with it, it has what happened meanwhile", async () => {
    await goOffline();
    await run.approve("Hold once");
    await run.untilWaiting("Hold twice");
    await expect(run.editor.node("Hold once", "waiting")).toBeVisible();
    await expect(run.reconnecting).toBeVisible({ timeout: 20_000 });
    await goOnline();
    await run.expectCanvasAsDatabase();
    await expect(run.reconnecting).toBeHidden({ timeout: 20_000 });
  });

  await test.step("away and back at once", async () => {
    await run.approve("Hold twice");
    await goOffline();
    await goOnline();
    await run.untilWaiting("Hold thrice");
    await run.expectCanvasAsDatabase();
  });

  await test.step("away while the execution ends", async () => {
    await goOffline();
    await run.approve("Hold thrice");
    await run.untilEnded();
    await goOnline();
    await run.expectCanvasAsDatabase();
    await expect(run.editor.run.getByText("Succeeded").first()).toBeVisible();
  });
  await context.close();
  await request.dispose();
});
