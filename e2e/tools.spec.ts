import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { newAccount, register, signIn } from "./support/accounts";
import { Editor } from "./support/editor";
import { type RunningApp, startApp } from "./support/server";
import { expect, test } from "./support/test";

/** A tracker of tickets, and what it was asked. */
interface Tracker {
  address: string;
  seen: { method: string; url: string; body: unknown }[];
  close(): void;
}

async function startTracker(): Promise<Tracker> {
  const seen: Tracker["seen"] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      const json: unknown = body ? JSON.parse(body) : null;
      seen.push({ method: request.method ?? "", url: request.url ?? "", body: json });
      response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify({ number: seen.length, ticket: json }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close: () => void server.close() };
}

const documentOf = (address: string) => `
openapi: 3.1.0
info: { title: Ticket tracker }
servers: [{ url: "http://${address}/api" }]
paths:
  /projects/{project}/tickets:
    post:
      operationId: createTicket
      summary: Create a ticket
      parameters:
        - { name: project, in: path, required: true, schema: { type: string } }
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [title]
              properties:
                title: { type: string, minLength: 3 }
                priority: { type: string, enum: [low, high] }
      responses: { "201": { description: made } }
    get:
      operationId: listTickets
      summary: List tickets
      parameters:
        - { name: project, in: path, required: true, schema: { type: string } }
      responses: { "200": { description: them } }
`;

let tracker: Tracker;
let app: RunningApp;
test.beforeAll(async () => {
  test.setTimeout(300_000);
  tracker = await startTracker();
  app = await startApp({ environment: { HTTP_ALLOWLIST: tracker.address } });
});
test.afterAll(async () => {
  tracker?.close();
  await app?.dispose();
});

test("an API is imported, tried out, placed on a canvas, and called by a flow", async ({ browser, complaints }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ baseURL: app.url, storageState: { cookies: [], origins: [] } });
  const account = newAccount();
  await register(context.request, account);
  await signIn(context.request, account);
  const page = await context.newPage();
  complaints.watch(page);
  // Wrong inputs are refused with that status.
  complaints.allow(/status of 422/);

  await test.step("import", async () => {
    await page.goto("/tools");
    await expect(page.getByRole("heading", { name: "Register your first API" })).toBeVisible();
    await page.getByRole("button", { name: "Import API" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Document or command" }).fill(documentOf(tracker.address));
    await dialog.getByRole("button", { name: "Import", exact: true }).click();
    await expect(dialog.getByText("2 of 2 operations")).toBeVisible();
    await dialog.getByRole("button", { name: "Open the tool" }).click();
    await expect(page.getByRole("heading", { name: "Ticket tracker" })).toBeVisible();
  });

  await test.step("try it: a wrong input is told at its field, a right one is answered", async () => {
    const action = page.getByRole("region", { name: "Action Create a ticket" });
    await action.getByLabel("project (required)").fill("home");
    await action.getByLabel("title (required)").fill("ab");
    await action.getByRole("button", { name: "Send" }).click();
    await expect(action.getByText("String must contain at least 3 character(s)").first()).toBeVisible();
    await expect(action.getByText("Correct the marked fields, then send again.")).toBeVisible();
    await expect(action.getByLabel("title (required)")).toBeFocused();
    expect(tracker.seen).toEqual([]);
    await action.getByLabel("title (required)").fill("Paint the fence");
    await action.getByRole("button", { name: "Send" }).click();
    const answer = action.getByRole("region", { name: "Answer" });
    await expect(answer.getByText("201 Created")).toBeVisible();
    await expect(answer).toContainText('"number": 1');
    expect(tracker.seen).toEqual([{ method: "POST", url: "/api/projects/home/tickets", body: { title: "Paint the fence" } }]);
  });

  await test.step("find another by a word of its path", async () => {
    await page.getByRole("searchbox", { name: "Search 2 actions" }).fill("list tickets");
    await page.getByRole("option", { name: /List tickets/ }).click();
    await expect(page.getByRole("region", { name: "Action List tickets" })).toBeVisible();
  });

  await test.step("place it on a canvas and run it", async () => {
    await page.goto("/flows");
    await page.getByRole("button", { name: "Create flow" }).first().click();
    await expect(page).toHaveURL(/\/flows\/[^/]+$/);
    const editor = new Editor(page);
    await editor.palette.getByRole("button", { name: "Manual Trigger", exact: true }).click();
    await editor.palette.getByRole("searchbox", { name: "Search nodes" }).fill("create ticket");
    await editor.palette.getByRole("button", { name: /Create a ticket Ticket tracker/ }).click();
    await expect(editor.node("Create a ticket")).toBeVisible();
    await editor.open("Create a ticket");
    await editor.detail.getByRole("textbox", { name: "Project", exact: true }).fill("work");
    await editor.detail.getByRole("textbox", { name: "Title", exact: true }).fill("Write the report");
    await editor.close();
    await expect(editor.saved).toBeVisible();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(editor.node("Create a ticket", "succeeded")).toBeVisible();
    expect(tracker.seen.at(-1)).toEqual({ method: "POST", url: "/api/projects/work/tickets", body: { title: "Write the report" } });
  });
  await context.close();
});
