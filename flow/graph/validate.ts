import { codeReferences, templateReferences } from "../expression/references";
import { isExpression } from "../expression/template";
import type { Json } from "../item";
import { inputHandles, outputHandles } from "../node/define-node";
import { checkParameters } from "../node/parameters";
import type { NodeRegistry } from "../node/registry";
import type { Graph, GraphNode } from "./schema";

/** Something about a graph that a person should know before it runs. An error refuses publishing; a warning does not. */
export interface GraphIssue {
  severity: "error" | "warning";
  nodeId: string | null;
  nodeName: string | null;
  /** Path of the parameter, or the part of the node that is wrong (`type`, `name`); null for the flow itself. */
  field: string | null;
  message: string;
}

const issue = (node: GraphNode | null, field: string | null, message: string, severity: GraphIssue["severity"] = "error"): GraphIssue => ({
  severity,
  nodeId: node?.id ?? null,
  nodeName: node?.name ?? null,
  field,
  message,
});

function referenceIssues(node: GraphNode, names: ReadonlySet<string>): GraphIssue[] {
  const found: GraphIssue[] = [];
  const walk = (value: Json, path: string): void => {
    if (typeof value === "string") {
      const references = isExpression(value) ? templateReferences(value) : value.includes("$(") ? codeReferences(value) : null;
      for (const name of references?.nodes ?? []) {
        if (!names.has(name)) found.push(issue(node, path, `refers to a node "${name}", which is not in this flow`));
      }
    } else if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) walk(entry, `${path}[${index}]`);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, entry] of Object.entries(value)) walk(entry, path === "" ? key : `${path}.${key}`);
    }
  };
  walk(node.parameters, "");
  return found;
}

function structureIssues(graph: Graph): GraphIssue[] {
  const found: GraphIssue[] = [];
  const ids = new Set<string>();
  const names = new Set<string>();
  for (const node of graph.nodes) {
    if (ids.has(node.id)) found.push(issue(node, "id", `another node has the id "${node.id}" too`));
    if (names.has(node.name)) found.push(issue(node, "name", `another node has the name "${node.name}" too; names must differ`));
    ids.add(node.id);
    names.add(node.name);
  }
  for (const edge of graph.edges) {
    const missing = [edge.source, edge.target].filter((id) => !ids.has(id));
    for (const id of missing)
      found.push(issue(null, "edges", `the edge "${edge.id}" has an end at "${id}", which is no node of this flow`));
  }
  return found;
}

function edgeIssues(graph: Graph, registry: NodeRegistry): GraphIssue[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const found: GraphIssue[] = [];
  for (const edge of graph.edges) {
    const source = byId.get(edge.source);
    const target = byId.get(edge.target);
    const from = source && registry.definition(source.type);
    const to = target && registry.definition(target.type);
    if (source && from && !outputHandles(from, source).some((handle) => handle.name === edge.sourceHandle)) {
      found.push(
        issue(
          source,
          "edges",
          `has no output "${edge.sourceHandle}" (an edge to "${target?.name ?? edge.target}" leaves there)`,
          "warning",
        ),
      );
    }
    if (target && to && !inputHandles(to, target.parameters).some((handle) => handle.name === edge.targetHandle)) {
      found.push(
        issue(target, "edges", `has no input "${edge.targetHandle}" (an edge from "${source?.name ?? edge.source}" arrives there)`),
      );
    }
  }
  return found;
}

/** Expressions of a whole graph. Each is parsed to be checked, so that a crafted graph could keep the process at it for minutes. */
const MAX_EXPRESSIONS = 20_000;

/** `{{` in the templates of a value, as far as the limit goes. */
function countExpressions(value: Json): number {
  let count = 0;
  const open: Json[] = [value];
  for (let each = open.pop(); each !== undefined && count <= MAX_EXPRESSIONS; each = open.pop()) {
    if (typeof each === "string") {
      if (isExpression(each))
        for (let at = each.indexOf("{{"); at >= 0 && count <= MAX_EXPRESSIONS; at = each.indexOf("{{", at + 2)) count++;
    } else if (typeof each === "object" && each !== null) for (const entry of Object.values(each)) open.push(entry);
  }
  return count;
}

/**
 * Everything that is wrong with a graph, node by node: unknown types, parameters that fail their schema, expressions with a
 * syntax error, references to nodes that are not there, edges without ends. Disabled nodes may be half-filled.
 */
export function validateGraph(graph: Graph, registry: NodeRegistry): GraphIssue[] {
  const names = new Set(graph.nodes.map((node) => node.name));
  const found = structureIssues(graph);
  let expressions = 0;
  for (const node of graph.nodes) expressions += countExpressions(node.parameters);
  if (expressions > MAX_EXPRESSIONS) {
    return [...found, issue(null, null, `has more than ${MAX_EXPRESSIONS} expressions: make several flows of it`)];
  }
  if (!graph.nodes.some((node) => registry.definition(node.type)?.trigger && !node.disabled)) {
    found.push(issue(null, null, "has no trigger: add a manual, webhook or schedule trigger so that it can start"));
  }
  for (const node of graph.nodes) {
    const definition = registry.definition(node.type);
    if (!definition) {
      found.push(
        issue(node, "type", `has the type "${node.type}", which this installation does not know`, node.disabled ? "warning" : "error"),
      );
      continue;
    }
    if (node.version > definition.version) {
      found.push(issue(node, "version", `was made by a newer version of this product (${node.version}, here ${definition.version})`));
      continue;
    }
    if (node.disabled) continue;
    // Hidden ones only stand for something: a flow with them is unfinished, but runs up to there.
    if (definition.hidden) found.push(issue(node, "type", "is a placeholder: put another node in its place, or disable it", "warning"));
    for (const each of checkParameters(definition, node.parameters)) found.push(issue(node, each.field, each.message));
    found.push(...referenceIssues(node, names));
  }
  return [...found, ...edgeIssues(graph, registry)];
}
