import { defineConfig, devices } from "@playwright/test";
import { findBrowser } from "./e2e/support/browser";

const browser = await findBrowser();
const inWorker = process.env.TEST_WORKER_INDEX !== undefined;
if (!inWorker) process.stdout.write(`End-to-end tests use the browser of ${browser.from} ${browser.executablePath ?? ""}\n`);

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/support/global-setup.ts",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: true,
  workers: 2,
  // A test that passes only when repeated is printed as flaky: a fault to look into, not a reason to stop a release.
  retries: process.env.CI ? 2 : 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  projects: [
    { name: "journeys", testMatch: "**/*.spec.ts", testIgnore: "**/order-triage.spec.ts" },
    // The newcomer's way through the whole product, last.
    { name: "order triage", testMatch: "**/order-triage.spec.ts", dependencies: ["journeys"] },
  ],
  use: {
    ...devices["Desktop Chrome"],
    // Set by the global setup, and inherited by the workers, which read this file again.
    baseURL: process.env.E2E_URL,
    actionTimeout: 15_000,
    trace: "retain-on-failure",
    launchOptions: { executablePath: browser.executablePath, args: browser.args, env: browser.env },
  },
});
