import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const alias = { "@": import.meta.dirname };
const exclude = ["**/node_modules/**", ".next*/**", ".data/**", "e2e/**"];

/**
 * Files that take longest, the longest first. Without times of an earlier run Vitest goes by size, and the longest of all are small:
 * begun last, one of them would go on alone while the other workers have nothing left to do.
 */
const longest = [
  "inngest/limits",
  "server/trpc/access",
  "inngest/crash",
  "server/execution/proof/storm",
  "server/sandbox/hostile-python",
  "server/execution/proof/waiting",
  "server/execution/proof/crash",
  "server/rest/access",
].map((name) => `/${name}.integration.test.ts`);

const place = ({ moduleId }: TestSpecification): number => {
  const index = longest.findIndex((name) => moduleId.endsWith(name));
  return index === -1 ? longest.length : index;
};

/** Vitest's own order, with the longest files before all others. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
