import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../paths";

/** First releases without the published vulnerabilities that concern what is used here. A raise is welcome, a lowering is not. */
const FLOORS: Record<string, string> = {
  next: "16.2.11",
  "next-auth": "4.24.15",
  inngest: "3.54.0",
  "@trpc/server": "11.8.0",
};

const { packages } = JSON.parse(readFileSync(path.join(projectRoot, "package-lock.json"), "utf8")) as {
  packages: Record<string, { version?: string }>;
};

/** Pre-releases come before their release. */
function isAtLeast(version: string, floor: string): boolean {
  const parts = (text: string) =>
    text
      .replace(/[-+].*/, "")
      .split(".")
      .map(Number);
  const [given, least] = [parts(version), parts(floor)];
  const at = least.findIndex((part, index) => (given[index] ?? 0) !== part);
  return at < 0 ? !version.includes("-") : (given[at] ?? 0) > (least[at] ?? 0);
}

test.each(Object.entries(FLOORS))("every locked %s is at least %s", (name, floor) => {
  const versions = Object.entries(packages)
    .filter(([place]) => place === `node_modules/${name}` || place.endsWith(`/node_modules/${name}`))
    .map(([, { version = "0.0.0" }]) => version);
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.filter((version) => !isAtLeast(version, floor))).toEqual([]);
});

test("versions are compared as numbers", () => {
  expect(isAtLeast("16.10.0", "16.2.11")).toBe(true);
  expect(isAtLeast("16.2.9", "16.2.11")).toBe(false);
  expect(isAtLeast("16.2.11-canary.3", "16.2.11")).toBe(false);
  expect(isAtLeast("15.99.99", "16.2.11")).toBe(false);
});
