import { test as base, type ConsoleMessage, expect, type Page } from "@playwright/test";
import { type Account, newAccount, register, signIn } from "./accounts";

type Storage = Awaited<ReturnType<import("@playwright/test").BrowserContext["storageState"]>>;

/** What the browser complained about in a test; each must be expected. */
export interface Complaints {
  /** Lets those pass whose text matches: for tests that break something on purpose. */
  allow(pattern: RegExp): void;
  /** Listens to another page too. */
  watch(page: Page): void;
}

/**
 * Tests of this suite are signed in as a person of their own, one for each worker, and fail when the browser's console
 * shows an error.
 */
export const test = base.extend<{ complaints: Complaints }, { account: Account; signedIn: Storage }>({
  account: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
    async ({}, use) => use(newAccount()),
    { scope: "worker" },
  ],
  signedIn: [
    async ({ playwright, account }, use) => {
      const request = await playwright.request.newContext({ baseURL: process.env.E2E_URL });
      await register(request, account);
      await signIn(request, account);
      const storage = await request.storageState();
      await request.dispose();
      await use(storage);
    },
    { scope: "worker" },
  ],
  storageState: ({ signedIn }, use) => use(signedIn),
  complaints: [
    async ({ page }, use) => {
      const heard: string[] = [];
      const allowed: RegExp[] = [];
      const watch = (watched: Page) => {
        watched.on("console", (message: ConsoleMessage) => {
          if (message.type() === "error") heard.push(`${message.text()} (${message.location().url})`);
        });
        watched.on("pageerror", (error) => heard.push(String(error.stack ?? error)));
      };
      watch(page);
      await use({ watch, allow: (pattern) => void allowed.push(pattern) });
      expect(heard.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
});

/** For tests that begin signed out. */
export const signedOut = { storageState: { cookies: [], origins: [] } };

export { expect };
