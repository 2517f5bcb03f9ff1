import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../paths";

const run = promisify(execFile);
const copy = mkdtempSync(path.join(os.tmpdir(), "tolstoy-new-node-"));
const node = (...args: string[]) => run(process.execPath, args, { cwd: copy, encoding: "utf8" });
const scaffold = (type: string) => node("--import", "tsx", "cli/scaffold/new-node.ts", type);
const read = (file: string): string => readFileSync(path.join(copy, file), "utf8");

/** The rooms that a node touches, in a copy: what the command writes must not land in the project. */
beforeAll(() => {
  for (const room of ["flow", "nodes", "cli/scaffold"]) {
    cpSync(path.join(projectRoot, room), path.join(copy, room), {
      recursive: true,
      filter: (file) => !file.endsWith(".integration.test.ts"),
    });
  }
  for (const file of ["biome.json", ".gitignore"]) cpSync(path.join(projectRoot, file), path.join(copy, file));
  // Only names of rooms lie outside: what tests of other nodes use of the server.
  for (const shared of ["server", "node_modules", "package.json"]) symlinkSync(path.join(projectRoot, shared), path.join(copy, shared));
  const { compilerOptions } = JSON.parse(readFileSync(path.join(projectRoot, "tsconfig.json"), "utf8")) as { compilerOptions: object };
  const options = { ...compilerOptions, incremental: false, plugins: [], preserveSymlinks: true };
  writeFileSync(
    path.join(copy, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: options,
      include: ["nodes/send-fax/*.ts", "nodes/delete/*.ts", "nodes/catalog.ts", "nodes/executors.ts"],
    }),
  );
  writeFileSync(
    path.join(copy, "vitest.config.ts"),
    'export default { resolve: { alias: { "@": import.meta.dirname } }, test: { testTimeout: 60_000 } };\n',
  );
});
afterAll(() => rmSync(copy, { recursive: true }));

describe("npm run new:node", () => {
  it("makes a node that is in the catalogs, type-checks, passes its tests and is formatted as the rest", async () => {
    const before = readdirSync(path.join(copy, "nodes")).length;
    const { stdout } = await scaffold("send-fax");
    // A type whose name is a word of the language gets another one in the code.
    await scaffold("delete");
    expect(stdout).toContain("nodes/send-fax/definition.ts\nnodes/send-fax/executor.ts\nnodes/send-fax/send-fax.test.ts\n");
    expect(readdirSync(path.join(copy, "nodes"))).toHaveLength(before + 2);
    expect(read("nodes/catalog.ts")).toContain('import { sendFax } from "./send-fax/definition";');
    expect(read("nodes/catalog.ts")).toContain("  deleteNode,\n");
    expect(read("nodes/executors.ts")).toContain('  "send-fax": () => import("./send-fax/executor"),\n');

    const bin = (file: string): string => path.join(projectRoot, "node_modules", file);
    await node(bin("typescript/bin/tsc"), "--noEmit", "-p", ".");
    await node(bin("@biomejs/biome/bin/biome"), "ci", "nodes/send-fax", "nodes/delete", "nodes/catalog.ts", "nodes/executors.ts");
    const tests = await node(bin("vitest/vitest.mjs"), "run", "nodes/send-fax", "nodes/delete", "nodes/catalog.test.ts");
    expect(tests.stdout).toMatch(/Tests .*passed/);
  }, 180_000);

  it.each([
    ["Send Fax", "kebab-case"],
    ["", "kebab-case"],
    ["../escape", "kebab-case"],
    ["set", "nodes/set is there already"],
  ])("refuses %j and writes nothing", async (type, message) => {
    const before = readdirSync(path.join(copy, "nodes")).length;
    await expect(scaffold(type)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(readdirSync(path.join(copy, "nodes"))).toHaveLength(before);
    expect(existsSync(path.join(copy, "escape"))).toBe(false);
  });
});
