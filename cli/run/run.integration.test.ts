import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCommand } from "../testing/run-command";
import type { RunReport } from "./execute-flow";

const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-run-"));
afterAll(() => rmSync(directory, { recursive: true }));

type Node = { name: string; type: string; parameters?: object };

/** Writes a flow whose nodes follow one another; returns the file's name. */
function flowFile(name: string, ...nodes: Node[]): string {
  const graph = {
    nodes: nodes.map((node, index) => ({ id: `n${index}`, position: { x: index * 240, y: 0 }, ...node })),
    edges: nodes.slice(1).map((_, index) => ({ id: `e${index}`, source: `n${index}`, target: `n${index + 1}` })),
  };
  writeFileSync(path.join(directory, `${name}.json`), JSON.stringify({ name, graph }));
  return `${name}.json`;
}

const start: Node = { name: "Start", type: "manual-trigger" };

async function run(files: string[], ...more: string[]) {
  const { code, stdout, stderr } = await runCommand(["run", ...files, "--json", ...more], { directory });
  const reports = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RunReport);
  return { code, reports, stderr };
}

test("a flow runs over the input, and every step's outputs are told in the order of its handles", async () => {
  const file = flowFile("split", start, {
    name: "Big?",
    type: "if",
    parameters: {
      conditions: { conditions: [{ leftValue: "={{ $json.total }}", operator: { type: "number", operation: "gt" }, rightValue: 100 }] },
    },
  });
  const { code, reports } = await run([file], "--input", '[{"total":250},{"total":50}]');
  expect(reports).toMatchObject([{ file, status: "succeeded", error: null }]);
  expect(reports[0]?.steps.map(({ node, run: visit, status }) => ({ node, visit, status }))).toEqual([
    { node: "Start", visit: 0, status: "succeeded" },
    { node: "Big?", visit: 0, status: "succeeded" },
  ]);
  expect(reports[0]?.steps[1]?.outputs.map((items) => items.map((item) => item.json))).toEqual([[{ total: 250 }], [{ total: 50 }]]);
  expect(code).toBe(0);
});

test("flows that run one after the other do not see what each other keeps", async () => {
  const count: Node = {
    name: "Count",
    type: "code",
    parameters: { code: "const kept = $getWorkflowStaticData('global'); kept.n = (kept.n ?? 0) + 1; return [{ json: { n: kept.n } }]" },
  };
  const [one, other] = [flowFile("one", start, count), flowFile("other", start, count)];
  const { reports } = await run([one, other]);
  expect(reports.map(({ steps }) => steps[1]?.outputs[0]?.[0]?.json)).toEqual([{ n: 1 }, { n: 1 }]);
});

test("input comes from a file, too, and code runs in its sandbox", async () => {
  const file = flowFile("code", start, {
    name: "Sum",
    type: "code",
    parameters: { code: "return [{ json: { sum: $input.all().reduce((sum, item) => sum + item.json.n, 0) } }];" },
  });
  writeFileSync(path.join(directory, "items.json"), '[{"n":1},{"n":2},{"n":39}]');
  const { code, reports } = await run([file], "--input", "@items.json");
  expect(reports[0]?.steps.at(-1)?.outputs).toMatchObject([[{ json: { sum: 42 } }]]);
  expect(code).toBe(0);
});

test("one failing file names node and reason, the others still run, and the exit code tells", async () => {
  const failing = flowFile("failing", start, { name: "Give up", type: "stop-and-error", parameters: { message: "No stock" } });
  const fine = flowFile("fine", start);
  const { code, reports } = await run([failing, "missing.json", fine]);
  expect(reports).toMatchObject([
    { file: failing, status: "failed", error: { node: "Give up", message: expect.stringContaining("No stock") } },
    {
      file: "missing.json",
      status: "failed",
      error: { node: null, message: "Cannot read missing.json: there is no such file" },
      steps: [],
    },
    { file: fine, status: "succeeded", error: null },
  ]);
  expect(reports[0]?.steps.at(-1)).toMatchObject({
    node: "Give up",
    status: "failed",
    error: { message: expect.stringContaining("No stock") },
  });
  expect(code).toBe(1);
});

test("an approval ends as waiting instead of hanging", async () => {
  const file = flowFile(
    "approval",
    start,
    { name: "Approve", type: "wait", parameters: { resume: "approval" } },
    { name: "After", type: "no-op" },
  );
  const { code, reports } = await run([file]);
  expect(reports).toMatchObject([{ status: "waiting", error: null }]);
  expect(reports[0]?.steps.map(({ node, status }) => [node, status])).toEqual([
    ["Start", "succeeded"],
    ["Approve", "waiting"],
  ]);
  expect(code).toBe(1);
});

test.each([
  ["an unknown node type", "teleport", /Node "Odd".*"teleport"/],
  ["a trigger of an unknown type", null, /"teleport-trigger"/],
])("%s is refused before anything runs", async (_what, type, message) => {
  const file = type ? flowFile("odd", start, { name: "Odd", type }) : flowFile("odd", { name: "Start", type: "teleport-trigger" });
  const { code, reports } = await run([file]);
  expect(reports).toMatchObject([{ status: "failed", error: { message: expect.stringMatching(message) }, steps: [] }]);
  expect(code).toBe(1);
});

test("a file that is no flow says where it goes wrong", async () => {
  writeFileSync(path.join(directory, "broken.json"), '{"name":"x","graph":{"nodes":[{"id":"a"}],"edges":[]}}');
  writeFileSync(path.join(directory, "text.json"), "hello");
  const { reports } = await run(["broken.json", "text.json"]);
  expect(reports.map((report) => report.error?.message)).toEqual([
    expect.stringMatching(/^broken\.json: The flow can't be read: graph\.nodes\.0\.\w+: /),
    expect.stringMatching(/^text\.json is not JSON: /),
  ]);
});

test("input that is no object is refused before anything runs", async () => {
  const { code, reports, stderr } = await run([flowFile("plain", start)], "--input", "[1]");
  expect({ code, reports, stderr }).toEqual({ code: 1, reports: [], stderr: "--input: item 0 is not a JSON object\n" });
});

test("without --json people read a line a step", async () => {
  const file = flowFile("plain", start, { name: "Nothing", type: "no-op" });
  const { stdout } = await runCommand(["run", file], { directory });
  expect(stdout).toBe("✓ plain.json succeeded\n  ✓ Start: 1 items\n  ✓ Nothing: 1 items\n");
});

test("credentials come from a file of one's own, go to their hosts, and are in no report; without one a node says so", async () => {
  const received: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers.authorization);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ said: request.headers.authorization }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const call = { name: "Call", type: "http-request", parameters: { url: `http://${host}/`, authentication: "credential" } };
    const file = flowFile("with-credential", start, { ...call, credentials: { credential: { name: "Shop" } } } as Node);
    const without = await run([file]);
    expect(without.reports[0]?.error?.message).toContain("--credentials <file>");
    const shop = { type: "bearer", fields: { token: "correct-horse-battery" }, allowedHosts: [`http://${host}`] };
    writeFileSync(path.join(directory, "secrets.json"), JSON.stringify({ Shop: shop }));
    const environment = { HTTP_ALLOWLIST: host };
    const { stdout } = await runCommand(["run", file, "--json", "--credentials", "secrets.json"], { directory, environment });
    expect(received).toEqual(["Bearer correct-horse-battery"]);
    expect(JSON.parse(stdout)).toMatchObject({ status: "succeeded" });
    expect(stdout).toContain("[redacted]");
    expect(stdout).not.toContain("correct-horse");
  } finally {
    server.close();
  }
});

test("an action of the catalog is found without a server, and one that an organization has registered is not", async () => {
  const call = (tool: string, action: string): Node => ({ name: "Call", type: "action", parameters: { tool, action, effect: "read" } });
  const missing = await run([flowFile("own-tool", start, call("shop", "list-orders"))]);
  expect(missing.reports[0]?.error?.message).toContain(
    'There is no tool "shop" here: a run without a server knows the tools of the catalog',
  );
  const unknown = await run([flowFile("ready-tool", start, call("github", "no-such-action"))]);
  expect(unknown.reports[0]?.error?.message).toContain('The tool "GitHub" has no action "no-such-action"');
});
