import type { Json, JsonObject } from "../item";
import type { N8nWorkflow } from "./schema";

/** One line of the workflow, by names and indexes. */
export interface Connection {
  source: string;
  /** `error`: the output of its own that some exports have for errors. */
  output: number | "error";
  target: string;
  input: number;
}

export interface Connections {
  lines: Connection[];
  /** Lines of another kind than data: what AI nodes are put together by. */
  others: { source: string; target: string; kind: string }[];
}

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Lines in the order in which the export lists them, each once. */
export function readConnections(workflow: N8nWorkflow): Connections {
  const names = new Set(workflow.nodes.map((node) => node.name));
  const byId = new Map(workflow.nodes.flatMap((node) => (node.id ? [[node.id, node.name] as const] : [])));
  const nameOf = (given: unknown): string | undefined => {
    const name = typeof given === "string" ? given : "";
    return names.has(name) ? name : byId.get(name);
  };
  const result: Connections = { lines: [], others: [] };
  const seen = new Set<string>();
  for (const [from, kinds] of Object.entries(workflow.connections)) {
    const source = nameOf(from);
    if (source === undefined || !isObject(kinds)) continue;
    for (const [kind, outputs] of Object.entries(kinds)) {
      if (!Array.isArray(outputs)) continue;
      outputs.forEach((targets: Json, index) => {
        for (const entry of Array.isArray(targets) ? targets : []) {
          const target = isObject(entry) ? nameOf(entry.node) : undefined;
          if (target === undefined || !isObject(entry)) continue;
          const line: Connection = { source, output: kind === "error" ? "error" : index, target, input: indexOf(entry.index) };
          const key = JSON.stringify([kind, line]);
          if (seen.has(key)) continue;
          seen.add(key);
          if (kind === "main" || kind === "error") result.lines.push(line);
          else result.others.push({ source, target, kind });
        }
      });
    }
  }
  return result;
}

const indexOf = (value: Json | undefined): number => {
  const index = Number(value ?? 0);
  return Number.isInteger(index) && index >= 0 ? index : 0;
};
