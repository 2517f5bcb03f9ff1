import type { Page } from "@playwright/test";
import { ask, call, newAccount, register, signIn } from "./support/accounts";
import { query } from "./support/database";
import { Editor } from "./support/editor";
import { startApp } from "./support/server";
import { expect, signedOut, test } from "./support/test";

async function fillSignIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const openAccount = (page: Page) => page.getByRole("button", { name: /^Account: / }).click();

test.describe("signed out", () => {
  test.use(signedOut);

  test("a newcomer registers, finds an organization of their own, and comes back to where they wanted to go", async ({
    page,
    complaints,
  }) => {
    const account = newAccount("Natasha Rostova");
    await page.goto("/settings/members");
    await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
    await page.getByRole("link", { name: "Create an account" }).click();

    await test.step("the form says what is missing", async () => {
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page.getByText("Enter your name.")).toBeVisible();
      await expect(page.getByText("Use at least 10 characters.")).toBeVisible();
    });
    await page.getByLabel("Name").fill(account.name);
    await page.getByLabel("E-mail").fill(account.email);
    await page.getByLabel("Password", { exact: true }).fill(account.password);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page).toHaveURL(/\/settings\/members$/);
    await expect(page.getByRole("listitem").filter({ hasText: account.email })).toContainText("You");
    await expect(page.getByRole("button", { name: /^Organization: / })).toContainText("Natasha Rostova");

    await test.step("nothing is there yet, and the pages say what to do", async () => {
      await page.getByRole("link", { name: "Flows", exact: true }).click();
      await expect(page.getByText("Draw your first flow")).toBeVisible();
      await page.getByRole("link", { name: "Executions", exact: true }).click();
      await expect(page.getByText("Nothing has run yet")).toBeVisible();
      await page.goto("/settings/api-keys");
      await expect(page.getByText("No API keys yet")).toBeVisible();
    });

    await test.step("sign out: the pages are closed", async () => {
      await openAccount(page);
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await expect(page).toHaveURL(/\/sign-in/);
      await page.goto("/flows");
      await expect(page.getByRole("heading", { name: "Sign in to Tolstoy" })).toBeVisible();
    });

    await test.step("a wrong password is refused and the e-mail stays", async () => {
      complaints.allow(/401/);
      await fillSignIn(page, { ...account, password: "peace and war" });
      await expect(page.getByRole("alert").getByText("E-mail or password is wrong.")).toBeVisible();
      await expect(page.getByLabel("E-mail")).toHaveValue(account.email);
      await fillSignIn(page, account);
      await expect(page).toHaveURL(/\/flows$/);
    });
  });

  test("signing in leads to the page that was asked for, and never to another site", async ({ page }) => {
    const account = { email: process.env.E2E_EMAIL ?? "", password: process.env.E2E_PASSWORD ?? "" };
    await page.goto("/executions?status=failed");
    await fillSignIn(page, account);
    await expect(page).toHaveURL(/\/executions\?status=failed$/);
    // A page that is open would notice that its session has ended.
    await page.goto("about:blank");
    await page.context().clearCookies();
    await page.goto("/sign-in?callbackUrl=https%3A%2F%2Fevil.example%2F");
    await fillSignIn(page, account);
    await expect(page).toHaveURL(`${process.env.E2E_URL}/flows`);
  });

  test("GitHub and Google are offered only where they are configured", async ({ page, complaints }) => {
    await page.goto("/sign-in");
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    await expect(page.getByRole("button", { name: /Continue with/ })).toHaveCount(0);

    const app = await startApp({
      environment: { GITHUB_ID: "github-client", GITHUB_SECRET: "s", GOOGLE_CLIENT_ID: "google-client", GOOGLE_CLIENT_SECRET: "s" },
    });
    try {
      complaints.watch(page);
      const asked: string[] = [];
      await page.route("https://github.com/**", (route) => {
        asked.push(route.request().url());
        return route.fulfill({ contentType: "text/html", body: "GitHub" });
      });
      await page.goto(`${app.url}/sign-in`);
      await expect(page.getByRole("button", { name: "Continue with Google" })).toBeVisible();
      await page.getByRole("button", { name: "Continue with GitHub" }).click();
      await expect(page).toHaveURL(/^https:\/\/github\.com\/login\/oauth\/authorize/);
      const { searchParams } = new URL(asked[0] ?? "");
      expect(searchParams.get("client_id")).toBe("github-client");
      expect(searchParams.get("redirect_uri")).toBe(`${app.url}/api/auth/callback/github`);
      expect(searchParams.get("state")).toBeTruthy();
    } finally {
      await app.dispose();
    }
  });
});

test("a session that ends while somebody draws loses nothing: they sign in and go on", async ({ page, complaints, account }) => {
  complaints.allow(/401/);
  const graph = { nodes: [{ id: "s", name: "Start", type: "manual-trigger", position: { x: 0, y: 0 } }], edges: [] };
  const { id } = await call<{ id: string }>(page.request, "flows.create", { name: "Drawn over hours", graph });
  const editor = new Editor(page);
  await page.goto(`/flows/${id}`);
  await expect(editor.node("Start")).toBeVisible();
  await page.context().clearCookies();
  await editor.node("Start").click();
  await editor.pick("edit fields");
  await expect(page.getByRole("status", { name: "Not saved" })).toBeVisible();
  await expect(page.getByText("Your session has ended")).toBeVisible();
  await page.getByRole("button", { name: "Sign in" }).click();
  await fillSignIn(page, account);
  await expect(page).toHaveURL(new RegExp(`/flows/${id}$`));
  await expect(editor.node("Edit Fields")).toBeVisible();
  await expect(editor.saved).toBeVisible();
  const saved = await ask<{ graph: { nodes: unknown[] } }>(page.request, "flows.get", { id });
  expect(saved.graph.nodes).toHaveLength(2);
});

test.describe("signed in", () => {
  test("somebody in two organizations switches, and each shows its own", async ({ page, playwright, account }) => {
    const other = newAccount("Pierre Bezukhov");
    const request = await playwright.request.newContext({ baseURL: process.env.E2E_URL });
    await register(request, other);
    await signIn(request, other);
    await call(request, "flows.create", { name: "Pierre's flow" });
    await request.dispose();
    await query(
      `insert into member (id, organization_id, user_id, role, updated_at)
       select 'm-' || md5(random()::text), theirs.organization_id, me.id, 'viewer', now()
       from "user" me, "user" him join member theirs on theirs.user_id = him.id
       where me.email = $1 and him.email = $2`,
      [account.email, other.email],
    );

    await page.goto("/flows");
    const switcher = page.getByRole("button", { name: /^Organization: / });
    await switcher.click();
    await expect(page.getByRole("menuitem", { name: /Pierre Bezukhov/ })).toContainText("viewer");
    await page.getByRole("menuitem", { name: /Pierre Bezukhov/ }).click();
    await expect(switcher).toContainText("Pierre Bezukhov");
    await expect(page.getByRole("link", { name: "Pierre's flow" })).toBeVisible();
    // A viewer looks, and is offered nothing that would be refused.
    await expect(page.getByRole("button", { name: "Create flow" })).toHaveCount(0);
    await page.getByRole("link", { name: "Pierre's flow" }).click();
    await expect(page.getByText("View only")).toBeVisible();
    await expect(page.getByRole("button", { name: "Run", exact: true })).toHaveCount(0);
    await page.goto("/settings/api-keys");
    await expect(page.getByText("For owners and admins")).toBeVisible();

    await page.goto("/flows");
    await switcher.click();
    await page.getByRole("menuitem", { name: new RegExp(account.name) }).click();
    await expect(switcher).toContainText(account.name);
    await expect(page.getByRole("link", { name: "Pierre's flow" })).toHaveCount(0);
  });

  test("an API key is shown once, opens the API, and is refused once it is revoked", async ({ page, playwright }) => {
    await page.goto("/settings/api-keys");
    await page.getByRole("button", { name: "Create API key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Order desk");
    await dialog.getByRole("button", { name: "Create", exact: true }).click();
    const key = await dialog.getByRole("textbox", { name: "API key" }).inputValue();
    await dialog.getByRole("button", { name: "I have copied it" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "Order desk" });
    await expect(row).toContainText("never used");
    await page.reload();
    await expect(row).toBeVisible();
    await expect(page.locator("body")).not.toContainText(key);

    const api = await playwright.request.newContext({
      baseURL: process.env.E2E_URL,
      extraHTTPHeaders: { authorization: `Bearer ${key}` },
    });
    const created = await api.post("/api/v1/flows", {
      data: {
        name: "Made over the API",
        graph: { nodes: [{ id: "a", name: "Start", type: "manual-trigger", version: 1, position: { x: 0, y: 0 } }], edges: [] },
      },
    });
    expect(created.status(), await created.text()).toBe(201);
    const { id } = (await created.json()) as { id: string };
    const executed = await api.post(`/api/v1/flows/${id}/execute`, { data: { variables: {}, useDurable: false } });
    expect(executed.status(), await executed.text()).toBe(200);
    await page.reload();
    await expect(row).not.toContainText("never used");

    await row.getByRole("button", { name: "Revoke Order desk" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByText("Revoked “Order desk”")).toBeVisible();
    await expect(row).toHaveCount(0);
    expect((await api.post(`/api/v1/flows/${id}/execute`, { data: {} })).status()).toBe(401);
    await api.dispose();

    await test.step("the audit log tells both", async () => {
      await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Audit log" }).click();
      await expect(page.getByRole("listitem").filter({ hasText: "created an API key" }).first()).toContainText("Order desk");
      await expect(page.getByRole("listitem").filter({ hasText: "revoked an API key" }).first()).toBeVisible();
      await expect(page.getByRole("listitem").filter({ hasText: "created a flow" }).first()).toContainText("Made over the API");
    });
  });

  test("the only owner can neither step down nor leave", async ({ page, complaints, account }) => {
    complaints.allow(/4(09|22)/);
    await page.goto("/settings/members");
    const me = page.getByRole("listitem").filter({ hasText: account.email });
    await me.getByRole("combobox", { name: `Role of ${account.name}` }).click();
    await page.getByRole("option", { name: /^Viewer/ }).click();
    await expect(page.getByText(`The role of ${account.name} was not changed`)).toBeVisible();
    await expect(me.getByRole("combobox")).toHaveText("Owner");
    await me.getByRole("button", { name: "Leave the organization" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Leave" }).click();
    await expect(page.getByRole("alertdialog").getByRole("alert")).toContainText(/owner/);
  });

  test("the organization is renamed, and the sidebar says so", async ({ page }) => {
    const account = newAccount("Andrei Bolkonsky");
    await page.context().clearCookies();
    await register(page.request, account);
    await signIn(page.request, account);
    await page.goto("/settings/general");
    await page.getByLabel("Name", { exact: true }).fill("Bald Hills");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: /^Organization: / })).toContainText("Bald Hills");
    await page.reload();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Bald Hills");
  });

  test("the theme is kept, without a flash of the other at the next load", async ({ page }) => {
    const html = page.locator("html");
    await page.goto("/flows");
    await openAccount(page);
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await expect(html).toHaveClass(/dark/);
    await page.addInitScript(() => {
      // Runs before the page's own scripts: the first frame already has its class.
      requestAnimationFrame(() => Object.assign(window, { firstFrame: document.documentElement.className }));
    });
    await page.reload();
    await expect(html).toHaveClass(/dark/);
    expect(await page.evaluate(() => (window as unknown as { firstFrame: string }).firstFrame)).toContain("dark");
    await page.goto("/settings/general");
    await page.getByRole("radio", { name: "Light" }).click();
    await expect(html).not.toHaveClass(/dark/);
    await page.reload();
    await expect(html).not.toHaveClass(/dark/);
  });
});
