import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** What `npm run verify` says of code in nodes/ and flow/ that walks round the node's context. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tolstoy-lint-"));
  const { $schema: _, vcs: __, ...rules } = JSON.parse(readFileSync("biome.json", "utf8")) as Record<string, unknown>;
  writeFileSync(path.join(folder, "biome.json"), JSON.stringify(rules));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(file: string, text: string): { passes: boolean; said: string } {
  const place = path.join(folder, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
  const biome = path.resolve("node_modules/@biomejs/biome/bin/biome");
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, "lint", file], { cwd: folder, encoding: "utf8" });
  return { passes: status === 0, said: stdout + stderr };
}

test.each([
  ["fetch", 'export const execute = () => fetch("https://example.com");'],
  ["WebSocket", 'export const execute = () => new WebSocket("wss://example.com");'],
  ["EventSource", 'export const execute = () => new EventSource("https://example.com");'],
  ["XMLHttpRequest", "export const execute = () => new XMLHttpRequest();"],
  ["process", "export const execute = () => process.env.SECRET;"],
])("%s is refused in nodes/ and flow/, and nowhere else by this rule", (name, text) => {
  for (const file of ["nodes/evil/executor.ts", "flow/evil.ts"]) {
    const { passes, said } = lint(file, text);
    expect(passes, said).toBe(false);
    expect(said).toMatch(new RegExp(`noRestrictedGlobals[\\s\\S]*\\b${name}\\b`));
  }
  expect(lint("server/fine.ts", text).said).not.toContain("noRestrictedGlobals");
});

test("a node that uses its context alone passes", () => {
  const text =
    'export const execute = (context: { http: { request(url: string): void } }) => context.http.request("https://example.com");\n';
  expect(lint("nodes/good/executor.ts", text)).toMatchObject({ passes: true });
});
