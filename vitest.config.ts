import { defineConfig } from "vitest/config";

const alias = { "@": import.meta.dirname };
const exclude = ["**/node_modules/**", ".next*/**", ".data/**", "e2e/**"];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        // Pure: no database, no network beyond loopback.
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...exclude, "**/*.integration.test.ts"],
          testTimeout: process.env.CI ? 60_000 : 10_000,
          retry: process.env.CI ? 1 : 0,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["**/*.integration.test.ts"],
          exclude,
          globalSetup: ["server/testing/global-setup.ts"],
          testTimeout: process.env.CI ? 90_000 : 30_000,
          hookTimeout: 120_000,
          // Shared machines stall; what passes only when repeated is printed.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
});
