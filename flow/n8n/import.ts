import { uniqueName } from "../graph/names";
import type { FlowFile, GraphEdge, GraphNode } from "../graph/schema";
import type { Json, JsonObject } from "../item";
import { type Connections, readConnections } from "./connections";
import { mappingOf } from "./nodes";
import { pinnedItems } from "./pins";
import { placeholder } from "./placeholder";
import type { ImportIssue, ImportReport } from "./report";
import { type N8nNode, type N8nWorkflow, parseN8nWorkflow } from "./schema";
import { credentialReferences, flowSettings, nodeSettings } from "./settings";
import { type Mapped, Source } from "./source";
import { type Remembered, readRemembered } from "./static-data";

const MAX_NAME = 200;
const MAX_NOTES = 10_000;
/** No node has more; a higher index is a mistake, and reported as one. */
const MAX_PORTS = 50;

export interface ImportedFlow {
  flow: FlowFile;
  report: ImportReport;
  /** What code goes on with, where the flow can keep it. */
  remembered: Remembered[];
}

/**
 * A workflow of n8n as a flow. Nodes keep their names, places, notes and settings, and expressions stay as they are: they are the
 * same language. What has no counterpart becomes a placeholder that keeps its JSON, and the report lists it with what is missing.
 * The same workflow always gives the same flow.
 *
 * @param json What n8n exports, copies to the clipboard or keeps in templates
 * @param keeps Whether what nodes remembered finds a place: in a new flow, not where nodes are added to one that is there
 * @throws N8nImportError for anything else
 */
export function importN8n(json: unknown, { keeps = true }: { keeps?: boolean } = {}): ImportedFlow {
  const workflow = uniquelyNamed(parseN8nWorkflow(json));
  const issues: ImportIssue[] = [];
  const settings = flowSettings(workflow.settings, issues);
  const connections = readConnections(workflow);
  const ids = nodeIds(workflow.nodes);
  const ports = connectedPorts(connections);
  const mapped = new Map(workflow.nodes.map((node) => [node.name, mapNode(node, ports(node.name), issues)]));
  const parametersAreRead = workflow.nodes.some((node) => readsParameters(node.parameters));
  const nodes = workflow.nodes.map((node, index) => {
    const pinned = pinnedItems(workflow.pinData[node.name]);
    const made = graphNode(node, ids.get(node.name)!, mapped.get(node.name)!, index, pinned);
    return parametersAreRead ? { ...made, imported: { version: node.typeVersion, parameters: node.parameters } } : made;
  });
  reportWorkflow(workflow, connections, issues);
  const remembered = keeps ? readRemembered(workflow.staticData, nodes, issues) : [];
  if (!keeps && isFilled(workflow.staticData)) {
    const message = "what nodes remembered between executions is left out: only a new flow takes it over";
    issues.push({ severity: "missing", node: null, type: null, field: "staticData", message });
  }
  const edges = graphEdges(connections, ids, workflow, mapped, issues);
  const count = (type: string): number => nodes.filter((node) => node.type === type).length;
  const [placeholders, notes] = [count("n8n-placeholder"), count("sticky-note")];
  return {
    flow: {
      name: workflow.name?.trim().slice(0, MAX_NAME) || "Imported workflow",
      graph: { nodes, edges, settings, variables: {} },
    },
    report: {
      nodes: { total: nodes.length, converted: nodes.length - placeholders - notes, placeholders, notes },
      credentials: workflow.nodes.flatMap((node) =>
        Object.entries(credentialReferences(node)).map(([type, { name }]) => ({ node: node.name, type, name: name ?? "" })),
      ),
      issues,
    },
    remembered,
  };
}

/** Names are what connections and expressions go by; where a broken export has one twice, the later node gets another. */
function uniquelyNamed(workflow: N8nWorkflow): N8nWorkflow {
  const taken = new Set<string>();
  const nodes = workflow.nodes.map((node) => {
    const wanted = (node.name || node.type.slice(node.type.lastIndexOf(".") + 1)).slice(0, MAX_NAME);
    const name = taken.has(wanted) ? uniqueName(taken, wanted) : wanted;
    taken.add(name);
    return name === node.name ? node : { ...node, name };
  });
  return { ...workflow, nodes };
}

function nodeIds(nodes: readonly N8nNode[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    nodes.map(({ id, name }, index) => {
      const usable = id !== undefined && id !== "" && id.length <= 100 && !taken.has(id);
      let chosen = usable ? id : `node-${index + 1}`;
      while (taken.has(chosen)) chosen = `${chosen}-again`;
      taken.add(chosen);
      return [name, chosen];
    }),
  );
}

interface Connected {
  inputs: number;
  outputs: number;
}

/** How many inputs and outputs of each node are in use: the highest index plus one. */
function connectedPorts({ lines }: Connections): (name: string) => Connected {
  const ports = new Map<string, Connected>();
  const of = (name: string): Connected => {
    const known = ports.get(name) ?? { inputs: 0, outputs: 0 };
    ports.set(name, known);
    return known;
  };
  for (const { source, output, target, input } of lines) {
    if (input < MAX_PORTS) of(target).inputs = Math.max(of(target).inputs, input + 1);
    if (output !== "error" && output < MAX_PORTS) of(source).outputs = Math.max(of(source).outputs, output + 1);
  }
  return of;
}

function mapNode(node: N8nNode, connected: Connected, issues: ImportIssue[]): Mapped {
  const mapping = mappingOf(node.type);
  if (!mapping) return placeholder(node, connected, "has no counterpart", issues);
  const found: ImportIssue[] = [];
  const source = new Source(node, connected, found);
  const mapped = mapping(source);
  if (mapped.placeholder !== undefined) return placeholder(node, connected, mapped.placeholder, issues);
  source.reportUnread();
  issues.push(...found);
  return mapped;
}

/** Whether expressions or code read parameters of nodes: their names are not part of the language that both share. */
function readsParameters(value: Json): boolean {
  if (typeof value === "string") return /\$parameter\b|\.\s*params\b|\.\s*parameter\b|\$nodeVersion\b|\$version\b/.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(readsParameters);
}

/** References under the names of our slots; those that no slot takes stay under n8n's type, so that nothing is lost. */
function inSlots(references: NonNullable<GraphNode["credentials"]>, slots: Readonly<Record<string, string>>): typeof references {
  const taken = Object.entries(slots).filter(([, type]) => Object.hasOwn(references, type));
  const types = new Set(taken.map(([, type]) => type));
  return {
    ...Object.fromEntries(Object.entries(references).filter(([type]) => !types.has(type))),
    ...Object.fromEntries(taken.map(([slot, type]) => [slot, references[type] ?? {}])),
  };
}

function graphNode(node: N8nNode, id: string, mapped: Mapped, index: number, pinned: GraphNode["pinned"]): GraphNode {
  const settings = nodeSettings(node);
  const credentials = inSlots(credentialReferences(node), mapped.credentials ?? {});
  return {
    id,
    name: node.name,
    type: mapped.type,
    version: mapped.version ?? 1,
    position: node.position ?? { x: index * 220, y: 0 },
    parameters: mapped.parameters,
    ...(settings && { settings }),
    ...(node.disabled && { disabled: true }),
    ...(node.notes && { notes: node.notes.slice(0, MAX_NOTES) }),
    ...(pinned && { pinned }),
    ...(Object.keys(credentials).length > 0 && { credentials }),
  };
}

function graphEdges(
  { lines }: Connections,
  ids: ReadonlyMap<string, string>,
  workflow: N8nWorkflow,
  mapped: ReadonlyMap<string, Mapped>,
  issues: ImportIssue[],
): GraphEdge[] {
  const byName = new Map(workflow.nodes.map((node) => [node.name, node]));
  const edges: GraphEdge[] = [];
  for (const { source, output, target, input } of lines) {
    const from = byName.get(source)!;
    const regular = mapped.get(source)!.outputs ?? ["main"];
    const outputs = nodeSettings(from)?.onError === "errorOutput" ? [...regular, "error"] : regular;
    const sourceHandle = output === "error" ? outputs.find((name) => name === "error") : outputs[output];
    const targetHandle = (mapped.get(target)!.inputs ?? ["main"])[input];
    const lost = (node: string, what: string): void =>
      void issues.push({ severity: "missing", node, type: byName.get(node)!.type, field: null, message: what });
    if (sourceHandle === undefined) lost(source, `its output ${output} has no counterpart: the line to "${target}" is left out`);
    else if (targetHandle === undefined) lost(target, `its input ${input} has no counterpart: the line from "${source}" is left out`);
    else edges.push({ id: `edge-${edges.length + 1}`, source: ids.get(source)!, sourceHandle, target: ids.get(target)!, targetHandle });
  }
  return edges;
}

const isFilled = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.values(value as JsonObject).some((entry) => entry !== null);

function reportWorkflow(workflow: N8nWorkflow, { others }: Connections, issues: ImportIssue[]): void {
  for (const { source, target, kind } of others) {
    const node = workflow.nodes.find(({ name }) => name === source);
    const message = `its connection to "${target}" (${kind}) has no counterpart and is left out`;
    issues.push({ severity: "missing", node: source, type: node?.type ?? null, field: null, message });
  }
  const names = new Set(workflow.nodes.map(({ name }) => name));
  for (const name of Object.keys(workflow.pinData)) {
    if (names.has(name)) continue;
    issues.push({
      severity: "note",
      node: null,
      type: null,
      field: "pinData",
      message: `"${name}" is no node of the workflow; its pinned data is left out`,
    });
  }
}
