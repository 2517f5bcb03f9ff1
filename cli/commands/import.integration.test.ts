import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowFileSchema } from "@/flow/graph/schema";
import { runCommand } from "../testing/run-command";

const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-import-"));
afterAll(() => rmSync(directory, { recursive: true }));

beforeAll(() => {
  const node = (name: string, type: string) => ({ name, type: `n8n-nodes-base.${type}`, typeVersion: 1, position: [0, 0], parameters: {} });
  const workflow = {
    name: "Orders",
    nodes: [node("Start", "manualTrigger"), { ...node("Tell", "mattermost"), credentials: { mattermostApi: { id: "1", name: "Team" } } }],
    connections: { Start: { main: [[{ node: "Tell", type: "main", index: 0 }]] } },
  };
  writeFileSync(path.join(directory, "orders.json"), JSON.stringify(workflow));
  writeFileSync(path.join(directory, "other.json"), '{"some":"json"}');
});

test("a workflow is converted, and people read what became of it", async () => {
  const { code, stdout } = await runCommand(["import", "orders.json"], { directory });
  expect(code).toBe(0);
  expect(stdout).toContain("✓ orders.json → Orders\n  1 of 2 nodes converted, 1 without a counterpart\n");
  expect(stdout).toContain("✗ Tell — the node n8n-nodes-base.mattermost has no counterpart");
  expect(stdout).toContain('✗ Tell — connect the account "Team" (mattermostApi) anew');
});

test("the converted flow is written to a file that runs and imports again", async () => {
  expect((await runCommand(["import", "orders.json", "--out", "converted/"], { directory })).code).toBe(0);
  const flow = flowFileSchema.parse(JSON.parse(readFileSync(path.join(directory, "converted/orders.json"), "utf8")));
  expect(flow.graph.nodes.map(({ type }) => type)).toEqual(["manual-trigger", "n8n-placeholder"]);
  const { code, stdout } = await runCommand(["import", "converted/orders.json", "--json"], { directory });
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { flow, report: null }]);
});

test("a file that is no workflow says so; the others are converted all the same", async () => {
  const { code, stdout } = await runCommand(["import", "other.json", "orders.json", "--json"], { directory });
  const [first, second] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(code).toBe(1);
  expect(first).toMatchObject({ file: "other.json", error: expect.stringContaining("neither a flow nor an n8n workflow") });
  expect(second).toMatchObject({ file: "orders.json", flow: { name: "Orders" }, report: { nodes: { placeholders: 1 } } });
});

test("a converted flow never goes over the file that it came from", async () => {
  const { code, stdout } = await runCommand(["import", "orders.json", "--out", "."], { directory });
  expect([code, stdout]).toMatchObject([1, expect.stringContaining("would write over orders.json itself")]);
});
