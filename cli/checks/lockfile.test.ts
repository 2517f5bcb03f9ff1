import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../paths";

interface LockedPackage {
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

const read = (name: string) => JSON.parse(readFileSync(path.join(projectRoot, name), "utf8"));
const packages = read("package-lock.json").packages as Record<string, LockedPackage>;

/** Where Node would find `name` from a package at `from`. */
function isLocked(name: string, from: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf("/node_modules/"), 0))) {
    if (packages[`${at === "" ? "" : `${at}/`}node_modules/${name}`]) return true;
    if (at === "") return false;
  }
}

test("the lockfile has every platform's optional packages, so that npm ci works everywhere", () => {
  const wanted = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ name, from })),
  );
  expect(wanted.length).toBeGreaterThan(50);
  expect(wanted.filter(({ name, from }) => !isLocked(name, from))).toEqual([]);
});

test("everything is locked to the public registry", () => {
  const elsewhere = Object.values(packages).filter(({ resolved }) => resolved && !/^https:\/\/[^/]+\/.+\.tgz$/.test(resolved));
  expect(elsewhere).toEqual([]);
});

test("direct dependencies are exact versions", () => {
  const { dependencies, devDependencies } = read("package.json") as Record<string, Record<string, string>>;
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^(npm:.*@)?\d+\.\d+\.\d+/.test(version));
  expect(loose).toEqual([]);
});
