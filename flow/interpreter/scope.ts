import { Allowance } from "../expression/allowance";
import type { ExpressionScope, NodeData } from "../expression/scope";
import { connectingOutput } from "../graph/traverse";
import type { Item, JsonObject } from "../item";
import type { CustomValues } from "../node/custom-data";
import { givenParameters } from "../node/given-parameters";
import { ancestorItem, type History } from "./lineage";
import type { Plan, Visit } from "./plan";
import type { PreparedGraph } from "./prepare";
import { runsOf } from "./runs";

/** What is the same for all visits of an execution. */
export interface ScopeBase {
  readonly graph: PreparedGraph;
  readonly plan: Pick<Plan, "runsBefore">;
  readonly history: History;
  readonly variables: JsonObject;
  readonly workflow: ExpressionScope["workflow"];
  readonly execution: ExpressionScope["execution"];
  readonly env: ExpressionScope["env"];
  readonly vars: ExpressionScope["vars"];
  readonly trigger: JsonObject;
  readonly timezone: string;
}

/** What the expressions of one visit can read: its inputs, and the nodes that are before it in n8n's order. */
export function visitScope(
  base: ScopeBase,
  visit: Visit,
  inputs: readonly (readonly Item[])[],
  now: number,
  customData: CustomValues = {},
): ExpressionScope {
  const { graph, plan, history } = base;
  const nodes = new Map<string, NodeData | undefined>();

  const nodeData = (name: string): NodeData | undefined => {
    const node = graph.index.byName.get(name);
    if (!node) return undefined;
    const runs = plan.runsBefore(node.id, visit.path);
    return {
      items(output, run) {
        const chosen = runs[run ?? runs.length - 1];
        if (!chosen) return undefined;
        const { outputs } = graph.prepared(node.id);
        return history.outputs(chosen.key)[output ?? connectingOutput(graph.index, node.id, visit.node.id, outputs)] ?? [];
      },
      pairedItem: (itemIndex) => ancestorItem(history, visit, 0, itemIndex, node),
      get parameters() {
        return givenParameters(graph.prepared(node.id).definition, node);
      },
      get context() {
        return graph.prepared(node.id).definition?.loops?.context(runsOf(base, runs));
      },
      isExecuted: runs.length > 0,
      runs: runs.length,
    };
  };

  return {
    items: inputs[0] ?? [],
    inputs,
    runIndex: visit.runIndex,
    node(name) {
      if (!nodes.has(name)) nodes.set(name, nodeData(name));
      return nodes.get(name);
    },
    get nodeNames() {
      return [...graph.index.byName.keys()];
    },
    get previousNode() {
      const source = visit.sources.find((each) => each !== null);
      if (!source) return null;
      const previous = history.visit(source.key);
      return { name: previous.node.name, outputIndex: source.output, runIndex: previous.runIndex };
    },
    get parameters() {
      return givenParameters(graph.prepared(visit.node.id).definition, visit.node);
    },
    nodeVersion: visit.node.imported?.version ?? visit.node.version,
    variables: base.variables,
    workflow: base.workflow,
    execution: base.execution,
    env: base.env,
    vars: base.vars,
    trigger: base.trigger,
    customData,
    now,
    timezone: base.timezone,
    allowance: new Allowance(),
  };
}
