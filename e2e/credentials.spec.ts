import { type Browser, expect, type Page, request, test } from "@playwright/test";
import { freePort } from "@/cli/ports";
import { call, newAccount, register, signIn } from "./support/accounts";
import { Editor } from "./support/editor";
import { type OpenIdProvider, startOpenIdProvider } from "./support/openid-provider/server";
import { type RunningApp, startApp } from "./support/server";

// A provider of its own has to be allowed in the app's settings: the suite starts an app of its own.
test.describe.configure({ mode: "serial", timeout: 240_000 });

let app: RunningApp;
let provider: OpenIdProvider;
const account = newAccount();

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  provider = await startOpenIdProvider({ redirectUris: [`${url}/oauth/callback`], interactive: true });
  app = await startApp({ port, environment: { APP_URL: url, HTTP_ALLOWLIST: provider.host } });
  const visitor = await request.newContext({ baseURL: app.url });
  await register(visitor, account);
  await visitor.dispose();
});
test.afterAll(async () => {
  await app?.dispose();
  await provider?.close();
});
/** Signed in to the suite's own app, as the same person in all its tests. */
async function signedIn(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: app.url });
  await signIn(context.request, account);
  return context.newPage();
}

/** Presses the button, then allows at the provider, in the window that opens, until that closes by itself. */
async function allow(page: Page, press: () => Promise<void>): Promise<void> {
  const opened = page.waitForEvent("popup");
  await press();
  const popup = await opened;
  await expect(popup.getByRole("heading", { name: "Give Tolstoy access?" })).toBeVisible();
  const closed = popup.waitForEvent("close");
  const button = popup.getByRole("button", { name: "Allow" });
  await button.click();
  // Once to sign in there, once to agree.
  await button.click().catch((error: unknown) => {
    if (!popup.isClosed()) throw error;
  });
  await closed;
}

test("an account is connected at a provider, used by a node, and shown to nobody", async ({ browser }) => {
  const page = await signedIn(browser);
  await test.step("an admin sets up the provider", async () => {
    await page.goto(`/credentials?tab=clients`);
    await page.getByRole("button", { name: "Another provider" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("textbox", { name: "Redirect address" })).toHaveValue(`${app.url}/oauth/callback`);
    await dialog.getByLabel("Key").fill("local");
    await dialog.getByLabel("Issuer").fill(provider.issuer);
    await dialog.getByLabel("Hosts").fill(provider.issuer);
    await dialog.getByLabel("Client id").fill(provider.clientId);
    await dialog.getByLabel("Client secret").fill(provider.clientSecret);
    await dialog.getByLabel("Scopes (optional)").fill("openid offline_access");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("button", { name: "Connect local" })).toBeVisible();
  });

  await test.step("the window closes by itself, and the account is in the list without its tokens", async () => {
    await allow(page, () => page.getByRole("button", { name: "Connect local" }).click());
    await expect(page.getByText("Connected")).toBeVisible();
    await page.getByRole("tab", { name: "Credentials" }).click();
    await expect(page.getByTestId("credential").filter({ hasText: "OAuth 2 account" })).toContainText("OAuth account");
    for (const token of provider.tokens) expect(await page.content()).not.toContain(token);
  });

  await test.step("a node uses it", async () => {
    const node = (id: string, type: string, x: number, parameters: object = {}) => ({
      id,
      name: id,
      type,
      position: { x, y: 0 },
      parameters,
    });
    const graph = {
      nodes: [
        node("Start", "manual-trigger", 0),
        node("Me", "http-request", 240, { url: `${provider.issuer}/api/me`, authentication: "credential" }),
      ],
      edges: [{ id: "e", source: "Start", target: "Me" }],
    };
    const { id } = await call<{ id: string }>(page.request, "flows.create", { name: "Who am I", graph });
    await page.goto(`/flows/${id}`);
    const editor = new Editor(page);
    await editor.open("Me");
    await expect(editor.detail.getByText("Choose a credential.", { exact: true })).toBeVisible();
    await editor.choose("Credential", "OAuth 2 account · OAuth account");
    await editor.close();
    await expect(editor.saved).toBeVisible();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(editor.node("Me", "succeeded")).toBeVisible();
    await editor.open("Me");
    await expect(editor.detail.getByText("from the API")).toBeVisible();
    expect(provider.counts.apiCalls).toBe(1);
  });
});

test("a service says where its key is, and a credential that does not work is mended in place", async ({ browser }) => {
  const page = await signedIn(browser);
  await page.goto(`/credentials`);
  await page.getByRole("button", { name: "New credential" }).first().click();
  const dialog = page.getByRole("dialog");
  const search = dialog.getByRole("combobox", { name: "Services" });
  await search.fill("slack");
  await dialog.getByRole("option", { name: /^Slack/ }).click();
  await expect(dialog.getByRole("link", { name: /^api\.slack\.com/ })).toBeVisible();
  await expect(dialog.getByLabel("Bot token")).toBeFocused();
  await dialog.getByRole("button", { name: "Back to the services" }).click();

  await search.fill("postgres");
  await search.press("Enter");
  await dialog.getByLabel("Host", { exact: true }).fill("nowhere.invalid");
  await dialog.getByLabel("User", { exact: true }).fill("app");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("status")).toContainText("It does not work");
  await dialog.getByLabel("Host", { exact: true }).fill("elsewhere.invalid");
  await dialog.getByRole("button", { name: "Save again" }).click();
  await expect(dialog.getByRole("status")).toContainText("elsewhere.invalid");
  await dialog.getByRole("button", { name: "Keep" }).click();
  // The one of the first try has gone.
  const row = page.getByTestId("credential").filter({ hasText: "Postgres" });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("elsewhere.invalid");
  await expect(row).toContainText("Test failed");

  await row.getByRole("button", { name: "Actions of Postgres" }).click();
  await page.getByRole("menuitem", { name: "Replace values" }).click();
  await expect(dialog.getByLabel("Host", { exact: true })).toHaveValue("elsewhere.invalid");
  await expect(dialog.getByLabel("Certificate authority (optional)")).toBeVisible();
});

test("a key is made in the node's form, masked, replaced and looked at with the password", async ({ browser }) => {
  const page = await signedIn(browser);
  await page.goto(`/credentials`);
  await page.getByRole("button", { name: "New credential" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Services" }).fill("api key");
  await dialog.getByRole("option", { name: /^API key/ }).click();
  await dialog.getByLabel("Name").fill("Shop");
  await dialog.getByLabel("API key", { exact: true }).fill("short");
  await dialog.getByLabel("Hosts").fill("shop.example.com");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Must be at least 8 characters long.")).toBeVisible();
  await dialog.getByLabel("API key", { exact: true }).fill("sk-1234567890abcdef");
  await dialog.getByRole("button", { name: "Save" }).click();
  const row = page.getByTestId("credential").filter({ hasText: "Shop" });
  await expect(row).toContainText("sk-12***********cdef");

  const act = async (name: string) => {
    await row.getByRole("button", { name: "Actions of Shop" }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  await act("Show secrets");
  await dialog.getByLabel("Your password").fill("wrong");
  await dialog.getByRole("button", { name: "Show" }).click();
  await expect(dialog.getByText("The password is wrong.")).toBeVisible();
  await dialog.getByLabel("Your password").fill(account.password);
  await dialog.getByRole("button", { name: "Show" }).click();
  await expect(dialog.getByRole("textbox", { name: "API key", exact: true })).toHaveValue("sk-1234567890abcdef");
  await dialog.getByRole("button", { name: "Close" }).first().click();

  await act("Replace values");
  await dialog.getByLabel("API key", { exact: true }).fill("sk-another-1234-zzzz");
  await dialog.getByRole("button", { name: "Replace" }).click();
  await expect(row).toContainText("zzzz");

  await act("Delete");
  await expect(page.getByRole("alertdialog")).toContainText("No flow uses it");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(row).toHaveCount(0);
});
