import { type AblyServer, startAblyServer } from "./support/ably-server/server";
import { LiveRun } from "./support/live-run";
import { type RunningApp, startApp } from "./support/server";
import { expect, signedOut, test } from "./support/test";

// An app of its own, which sends its live events through the stand-in.
let ably: AblyServer;
let app: RunningApp;

test.use(signedOut);
// Both tests share the app.
test.describe.configure({ mode: "default" });
test.beforeAll(async () => {
  test.setTimeout(300_000);
  ably = await startAblyServer();
  app = await startApp({
    environment: { ABLY_API_KEY: ably.apiKey, ABLY_ENDPOINT: "localhost", ABLY_PORT: String(ably.port), ABLY_TLS: "false" },
  });
});
test.afterAll(async () => {
  await app?.dispose();
  await ably?.close();
});

test("over Ably the canvas ends as the database, whatever was cut, lost or repeated", async ({ browser, playwright, complaints }) => {
  test.setTimeout(120_000);
  // The stand-in is taken away on purpose; browsers report every websocket that fails.
  complaints.allow(/WebSocket connection to 'ws:\/\/localhost/);
  const context = await browser.newContext({ baseURL: app.url });
  const request = await playwright.request.newContext({ baseURL: app.url });
  const requested: string[] = [];
  context.on("page", (page) => {
    complaints.watch(page);
    page.on("request", (sent) => requested.push(new URL(sent.url()).pathname));
  });
  const run = await LiveRun.start(app, context, request);
  let channel = "";

  await test.step("the canvas follows over the execution's own channel", async () => {
    await run.untilWaiting("Hold once");
    await run.expectCanvasAsDatabase();
    await expect.poll(() => ably.channels().map((name) => name.split(".").at(-1))).toContain(run.executionId);
    channel = ably.channels().find((name) => name.endsWith(`.${run.executionId}`)) ?? "";
    expect(channel).toMatch(/^flows\.[^.]+\.[^.]+$/);
    await expect.poll(() => ably.subscriberCount(channel)).toBe(1);
    expect(ably.published(channel).length).toBeGreaterThan(0);
    expect(requested.some((path) => path.includes("executions.live"))).toBe(false);
  });

  await test.step("connections cut, messages lost and repeated, in the middle", async () => {
    ably.loseMessages(1);
    ably.dropConnections();
    await run.approve("Hold once");
    await run.untilWaiting("A breath");
    ably.duplicateMessages(2);
    ably.dropConnections({ forget: true });
    await run.untilWaiting("Hold twice");
    await run.expectCanvasAsDatabase();
    await expect.poll(() => ably.subscriberCount(channel)).toBe(1);
    expect(ably.connectedTimes()).toBeGreaterThan(1);
  });

  await test.step("while Ably is away the page says so, and asks the server", async () => {
    ably.refuse(true);
    await expect(run.reconnecting).toBeVisible();
    await run.approve("Hold twice");
    await run.untilWaiting("Hold thrice");
    await run.expectCanvasAsDatabase();
    ably.refuse(false);
    await expect(run.reconnecting).toBeHidden();
    await expect.poll(() => ably.subscriberCount(channel)).toBe(1);
  });

  await test.step("live again to the end", async () => {
    const delivered = ably.deliveries(channel);
    await run.approve("Hold thrice");
    await run.untilEnded();
    await run.expectCanvasAsDatabase();
    await expect(run.editor.run.getByText("Succeeded").first()).toBeVisible();
    expect(ably.deliveries(channel)).toBeGreaterThan(delivered);
    // Nothing more can come: the page lets go of the connection.
    await expect.poll(() => ably.connectionCount()).toBe(0);
  });
  await context.close();
  await request.dispose();
});

test("the end arrives though the last messages are lost", async ({ browser, playwright, complaints }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ baseURL: app.url });
  const request = await playwright.request.newContext({ baseURL: app.url });
  context.on("page", complaints.watch);
  const run = await LiveRun.start(app, context, request);
  for (const name of ["Hold once", "Hold twice", "Hold thrice"]) {
    await run.untilWaiting(name);
    if (name === "Hold thrice") ably.loseMessages(1000);
    await run.approve(name);
  }
  await run.untilEnded();
  await run.expectCanvasAsDatabase();
  ably.loseMessages(0);
  await context.close();
  await request.dispose();
});
