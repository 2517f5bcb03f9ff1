import type { Item, JsonObject } from "../item";
import { ExpressionError } from "./errors";
import type { ExpressionScope, NodeData } from "./scope";

/** A node of a test's scope: its items, or undefined when it has not run. */
interface TestNode {
  items?: Item[] | Item[][];
  parameters?: JsonObject;
  context?: JsonObject;
}

/** The instant at which `$now` stands in tests: 2024-03-30T18:49:07.234 in Berlin. */
const NOW = Date.UTC(2024, 2, 30, 17, 49, 7, 234);

function testNode({ items, parameters = {}, context }: TestNode): NodeData {
  const outputs = items === undefined ? undefined : Array.isArray(items[0]) ? (items as Item[][]) : [items as Item[]];
  return {
    items: (output = 0) => outputs?.[output],
    pairedItem: (index) => {
      const item = outputs?.[0]?.[index];
      if (!item) throw new ExpressionError(`No paired item for item ${index}`);
      return item;
    },
    parameters,
    ...(context && { context }),
    isExecuted: outputs !== undefined,
    runs: outputs === undefined ? 0 : 1,
  };
}

/** A scope for tests: the json of the items, other nodes by name, and what else differs. */
export function testScope(
  json: JsonObject[] = [{}],
  nodes: Record<string, TestNode> = {},
  overrides: Partial<ExpressionScope> = {},
): ExpressionScope {
  const items = json.map((entry): Item => ({ json: entry }));
  const data = new Map(Object.entries(nodes).map(([name, node]) => [name, testNode(node)]));
  return {
    items,
    inputs: [items],
    runIndex: 0,
    node: (name) => data.get(name),
    nodeNames: [...data.keys()],
    previousNode: null,
    parameters: {},
    variables: {},
    workflow: { id: "flow_1", name: "My flow", active: true },
    customData: { customer: "Ada" },
    execution: { id: "exec_1", mode: "test", resumeUrl: "https://example.com/resume/1" },
    env: {},
    vars: {},
    trigger: {},
    now: NOW,
    timezone: "Europe/Berlin",
    ...overrides,
  };
}
