import { createInterface } from "node:readline";
import { z } from "zod";
import type { ExpressionScope } from "@/flow/expression/scope";
import { evaluateTemplate, toJson } from "@/flow/expression/template";
import type { Item, Json, JsonObject } from "@/flow/item";

const lineSchema = z.object({
  expression: z.string(),
  /** The `json` of each item of the input. */
  items: z.array(z.record(z.string(), z.json())).default([{}]),
  itemIndex: z.number().int().min(0).default(0),
});

/**
 * Evaluates one template a line of standard input, each on its own. A line that fails prints its error and the next goes on.
 * `--json` prints `{"output":…}` or `{"error":"…"}`; without it, the plain value.
 */
export async function evaluate(options: { json?: boolean }): Promise<void> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    const answer = evaluateLine(line);
    process.stdout.write(`${options.json ? JSON.stringify(answer) : plain(answer)}\n`);
  }
}

type Answer = { output: Json } | { error: string };

/** What one line evaluates to; an expression without a value gives null. */
export function evaluateLine(line: string, now = Date.now()): Answer {
  try {
    const { expression, items, itemIndex } = parseLine(line);
    const input = (items as JsonObject[]).map((json): Item => ({ json }));
    return { output: toJson(evaluateTemplate(expression, scopeOf(input, now), itemIndex)) ?? null };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function parseLine(line: string): z.infer<typeof lineSchema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error('The line is not JSON. Write {"expression":"={{ … }}","items":[{…}],"itemIndex":0}');
  }
  const parsed = lineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${issue?.path.join(".") || "The line"}: ${issue?.message}`);
}

const plain = (answer: Answer): string => {
  if ("error" in answer) return `Error: ${answer.error}`;
  return typeof answer.output === "string" ? answer.output : JSON.stringify(answer.output);
};

/** An expression on its own: items, and no flow around them. */
const scopeOf = (items: Item[], now: number): ExpressionScope => ({
  items,
  inputs: [items],
  runIndex: 0,
  node: () => undefined,
  nodeNames: [],
  previousNode: null,
  parameters: {},
  variables: {},
  workflow: { id: "", name: "", active: false },
  execution: { id: "", mode: "test", resumeUrl: "" },
  env: {},
  vars: {},
  trigger: items[0]?.json ?? {},
  now,
  timezone: "UTC",
});
