import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Item, JsonObject, PairedItem } from "@/flow/item";
import { runCommand } from "../testing/run-command";
import type { RunReport } from "./execute-flow";

/**
 * Workflows as n8n exports them, with what every node gives according to n8n's documentation, run by `tolstoy run --json`. A file
 * of `flow/n8n/fixtures` is a test of its own.
 */
interface Fixture {
  about: string;
  workflow: JsonObject;
  expect: {
    status: RunReport["status"];
    error?: { node: string; message: string };
    /** `json` of the items by output, for a node or (`Node#1`) its second visit. */
    steps: Record<string, JsonObject[][]>;
    /** Which input item each was made from, of inputs in the order of the handles. */
    pairs?: Record<string, number[][]>;
    binary?: Record<string, Record<string, { mimeType: string; fileName?: string; text: string }>[][]>;
    /** Nodes that are not reached. */
    skipped?: string[];
    /** All visits. */
    order?: string[];
    /** Expected fields must be there; others may be, too. */
    loose?: boolean;
  };
}

const FIXTURES = path.join(import.meta.dirname, "../../flow/n8n/fixtures");
const PLACEHOLDER = "127.0.0.1:8099";
const names = readdirSync(FIXTURES)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -5))
  .sort();
const fixtures = new Map(names.map((name) => [name, JSON.parse(readFileSync(path.join(FIXTURES, `${name}.json`), "utf8")) as Fixture]));

const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-n8n-"));
const tries = new Map<string, number>();
const json = { "content-type": "application/json" };

/** What the workflows call. */
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const [, first = "", second = ""] = url.pathname.split("/");
    if (first === "json") return response.writeHead(200, json).end('{"hello":"world"}');
    if (first === "list") return response.writeHead(200, json).end('[{"id":1},{"id":2},{"id":3}]');
    if (first === "pages") {
      const page = Number(url.searchParams.get("page") ?? 1);
      const next = page < 3 ? `http://${request.headers.host}/pages?page=${page + 1}` : null;
      return response.writeHead(200, json).end(JSON.stringify({ page, items: page <= 3 ? [page * 2 - 1, page * 2] : [], next }));
    }
    if (first === "text") return response.writeHead(200, { "content-type": "text/plain" }).end("plain text");
    if (first === "redirect") return response.writeHead(302, { location: "/json" }).end();
    if (first === "status") return response.writeHead(Number(second), json).end(JSON.stringify({ message: `status ${second}` }));
    if (first === "file") {
      const headers = { "content-type": "application/pdf", "content-disposition": 'attachment; filename="report.pdf"' };
      return response.writeHead(200, headers).end("file content");
    }
    if (first === "flaky") {
      const count = (tries.get(second) ?? 0) + 1;
      tries.set(second, count);
      return response.writeHead(count > 1 ? 200 : 503, json).end(JSON.stringify({ tries: count }));
    }
    const body = Buffer.concat(chunks).toString("utf8");
    if (first === "graphql") {
      const { query = "", variables = {} } = body.startsWith("{") ? (JSON.parse(body) as { query?: string; variables?: JsonObject }) : {};
      const answer = query.includes("broken")
        ? { errors: [{ message: "Cannot query field" }] }
        : { data: { hello: variables.name ?? null } };
      return response.writeHead(200, json).end(JSON.stringify(answer));
    }
    if (first === "feed") {
      const entry = "<item><title>One</title><link>https://a.test/1</link><pubDate>Mon, 02 Nov 2026 09:00:00 GMT</pubDate></item>";
      return response.writeHead(200, { "content-type": "application/rss+xml" }).end(`<rss version="2.0"><channel>${entry}</channel></rss>`);
    }
    const query = Object.fromEntries(url.searchParams);
    return response
      .writeHead(200, json)
      .end(JSON.stringify({ method: request.method, path: url.pathname, query, headers: request.headers, body }));
  });
});

const reports = new Map<string, RunReport>();

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [name, { workflow }] of fixtures) {
    writeFileSync(path.join(directory, `${name}.json`), JSON.stringify(workflow).replaceAll(PLACEHOLDER, address));
  }
  const { stdout, stderr } = await runCommand(["run", "--json", ...names.map((name) => `${name}.json`)], {
    directory,
    environment: { HTTP_ALLOWLIST: address },
  });
  const lines = stdout.split("\n").filter((line) => line !== "");
  if (lines.length !== names.length) throw new Error(`${lines.length} reports for ${names.length} workflows: ${stderr}`);
  for (const line of lines) {
    const report = JSON.parse(line) as RunReport;
    reports.set(path.basename(report.file, ".json"), report);
  }
}, 120_000);

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

/** Lists without what is missing at their end: outputs that gave nothing. */
const filled = <T>(lists: T[][]): T[][] => lists.slice(0, lists.findLastIndex((list) => list.length > 0) + 1);
const origin = ({ pairedItem }: Item): number | undefined => {
  const [first] = [pairedItem].flat() as (PairedItem | number | undefined)[];
  return typeof first === "object" ? first.item : first;
};

function stepOf(report: RunReport, key: string): RunReport["steps"][number] {
  const [, node = key, run = "0"] = /^(.*)#(\d+)$/.exec(key) ?? [];
  const step = report.steps.find((each) => each.node === node && each.run === Number(run));
  const visits = report.steps.map((each) => `${each.node}#${each.run}`).join(", ");
  if (!step)
    throw new Error(`"${key}" did not run. Visits: ${visits}. ${report.error?.node ?? ""}: ${report.error?.message ?? "no error"}`);
  return step;
}

describe("workflows of n8n give what n8n gives", () => {
  test.each(names)("%s", (name) => {
    const { expect: wanted } = fixtures.get(name)!;
    const report = reports.get(name)!;
    for (const [key, outputs] of Object.entries(wanted.steps)) {
      const given = stepOf(report, key).outputs.map((items) => items.map((item) => item.json));
      if (wanted.loose) expect(filled(given), key).toMatchObject(filled(outputs));
      else expect(filled(given), key).toEqual(filled(outputs));
    }
    expect(report.status, report.error?.message).toBe(wanted.status);
    if (wanted.error) {
      expect(report.error?.node).toBe(wanted.error.node);
      expect(report.error?.message).toContain(wanted.error.message);
    }
    for (const [key, pairs] of Object.entries(wanted.pairs ?? {})) {
      expect(filled(stepOf(report, key).outputs.map((items) => items.map(origin))), key).toEqual(pairs);
    }
    for (const [key, outputs] of Object.entries(wanted.binary ?? {})) {
      const given = stepOf(report, key).outputs.map((items) =>
        items.map(({ binary = {} }) =>
          Object.fromEntries(
            Object.entries(binary).map(([field, { mimeType, fileName, data }]) => [
              field,
              { mimeType, fileName, text: Buffer.from(data ?? "", "base64").toString("utf8") },
            ]),
          ),
        ),
      );
      expect(filled(given), key).toEqual(outputs);
    }
    const visited = report.steps.map((step) => step.node);
    for (const node of wanted.skipped ?? []) expect(visited).not.toContain(node);
    if (wanted.order) expect(visited).toEqual(wanted.order);
  });
});
