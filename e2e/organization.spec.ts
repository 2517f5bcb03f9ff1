import { call, newAccount, register, signIn } from "./support/accounts";
import { expect, test } from "./support/test";

test("a person is invited by a link, joins with its role once, and a link that was taken back says so", async ({
  page,
  browser,
  complaints,
}) => {
  const guest = newAccount("Pierre Bezukhov");
  let link = "";

  await test.step("the owner makes a link for an address", async () => {
    await page.goto("/settings/members");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("E-mail address").fill("no address");
    await dialog.getByRole("button", { name: "Create link" }).click();
    complaints.allow(/status of 422/);
    await expect(dialog.getByText("Must be an e-mail address.")).toBeVisible();
    await dialog.getByLabel("E-mail address").fill(guest.email);
    await dialog.getByRole("combobox", { name: "Role" }).click();
    await page.getByRole("option", { name: /Viewer/ }).click();
    await dialog.getByRole("button", { name: "Create link" }).click();
    link = await dialog.getByRole("textbox", { name: "Invitation link" }).inputValue();
    await dialog.getByRole("button", { name: "Done" }).click();
    await expect(page.getByRole("list", { name: "Invitations" }).getByText(guest.email)).toBeVisible();
  });

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  complaints.watch(theirs);

  await test.step("the guest registers on the way, and joins", async () => {
    await theirs.goto(link);
    await expect(theirs.getByRole("heading", { name: /^Join / })).toBeVisible();
    await theirs.getByRole("link", { name: "Create an account" }).click();
    await theirs.getByLabel("Name").fill(guest.name);
    await theirs.getByLabel("E-mail").fill(guest.email);
    await theirs.getByLabel("Password", { exact: true }).fill(guest.password);
    await theirs.getByRole("button", { name: "Create account" }).click();
    await expect(theirs).toHaveURL(/\/invite\//);
    await theirs.getByRole("button", { name: "Join", exact: true }).click();
    await expect(theirs).toHaveURL(/\/flows$/);
    await expect(theirs.getByRole("button", { name: /^Organization: Vera Rostova's organization/ })).toBeVisible();
    // Viewers draw no flows.
    await expect(theirs.getByRole("button", { name: "Create flow" })).toHaveCount(0);
  });

  await test.step("the link is used up", async () => {
    await theirs.goto(link);
    await expect(theirs.getByRole("heading", { name: "This invitation is not valid" })).toBeVisible();
    await page.reload();
    await expect(page.getByText(guest.email)).toBeVisible();
    await expect(page.getByRole("list", { name: "Invitations" })).toHaveCount(0);
  });

  await test.step("one that is taken back is worth nothing", async () => {
    const { url } = await call<{ url: string }>(page.request, "invitations.create", {});
    await page.reload();
    await page.getByRole("button", { name: "Take back the invitation for whoever has the link" }).click();
    await expect(page.getByRole("list", { name: "Invitations" })).toHaveCount(0);
    await theirs.goto(url);
    await expect(theirs.getByRole("heading", { name: "This invitation is not valid" })).toBeVisible();
  });
  await context.close();
});

test("whoever is signed in with another address is told which one the invitation is for", async ({ page, browser }) => {
  const { url } = await call<{ url: string }>(page.request, "invitations.create", { email: "natasha@example.com" });
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const other = newAccount();
  await register(context.request, other);
  await signIn(context.request, other);
  const theirs = await context.newPage();
  await theirs.goto(url);
  await expect(theirs.getByText("The invitation is for natasha@example.com.")).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Join", exact: true })).toHaveCount(0);
  await context.close();
});

test("a second organization is made from the switcher, and has flows of its own", async ({ page }) => {
  await call(page.request, "flows.create", { name: "Of the first" });
  await page.goto("/flows");
  await expect(page.getByRole("link", { name: "Of the first" }).first()).toBeVisible();
  await page.getByRole("button", { name: /^Organization: / }).click();
  await page.getByRole("menuitem", { name: "Create an organization" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Rostov & Sons");
  await page.getByRole("dialog").getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("button", { name: "Organization: Rostov & Sons. Switch organization" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Draw your first flow" })).toBeVisible();
  await page.getByRole("button", { name: /^Organization: / }).click();
  await page.getByRole("menuitem", { name: /Vera Rostova's organization/ }).click();
  await expect(page.getByRole("link", { name: "Of the first" }).first()).toBeVisible();
});
