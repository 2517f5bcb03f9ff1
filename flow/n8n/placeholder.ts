import type { JsonObject } from "../item";
import type { ImportIssue } from "./report";
import type { N8nNode } from "./schema";
import { nodeSettings } from "./settings";
import type { Mapped } from "./source";

const isTrigger = (type: string): boolean => /trigger$/i.test(type);

/** A node that keeps the original's JSON, with as many ports as it had, so that a person can put something in its place. */
export function placeholder(node: N8nNode, connected: { inputs: number; outputs: number }, reason: string, issues: ImportIssue[]): Mapped {
  issues.push({
    severity: "missing",
    node: node.name,
    type: node.type,
    field: null,
    message: `the node ${node.type} ${reason}; a placeholder keeps it`,
  });
  const inputs = isTrigger(node.type) ? connected.inputs : Math.max(1, connected.inputs);
  // The last of the connected outputs may be the one for errors, which is a setting here.
  const errorOutput = nodeSettings(node)?.onError === "errorOutput";
  const outputs = Math.max(1, errorOutput ? connected.outputs - 1 : connected.outputs);
  const { type, typeVersion, parameters } = node;
  const original: JsonObject = { type, typeVersion, parameters };
  return {
    type: "n8n-placeholder",
    parameters: { reason: `${type} ${reason}`, original, inputs, outputs },
    inputs: ports(inputs),
    outputs: ports(outputs),
  };
}

/** As the placeholder's definition names them. */
const ports = (count: number): string[] => Array.from({ length: count }, (_, index) => (count === 1 ? "main" : `port${index + 1}`));
