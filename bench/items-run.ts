import { createMemoryServices } from "@/cli/run/memory-services";
import { readSettings } from "@/cli/settings";
import { evaluateTemplate } from "@/flow/expression/template";
import { testScope } from "@/flow/expression/testing";
import { graphSchema } from "@/flow/graph/schema";
import { runOnMemoryHost } from "@/flow/interpreter/memory-host";
import { prepareGraph } from "@/flow/interpreter/prepare";
import type { Item, JsonObject } from "@/flow/item";
import { registry } from "@/server/services/registry";
import type { ItemFigures } from "./items";

const customers = (count: number): Item[] =>
  Array.from({ length: count }, (_, id) => ({ json: { id, name: `customer ${id}`, total: id % 100, email: `c${id}@example.com` } }));

const services = createMemoryServices(readSettings());

interface Taken {
  seconds: number;
  /** Of CPU, which other programs on the machine lengthen less. */
  cpuSeconds: number;
}

/** What a line of nodes takes over the items. */
async function measure(items: Item[], ...steps: [type: string, parameters: JsonObject][]): Promise<Taken> {
  const nodes = [["manual-trigger", {}] as const, ...steps].map(([type, parameters], index) => ({
    id: `n${index}`,
    name: `Step ${index}`,
    type,
    parameters,
    position: { x: index * 200, y: 0 },
  }));
  const edges = steps.map((_, index) => ({ id: `e${index}`, source: `n${index}`, target: `n${index + 1}` }));
  const graph = prepareGraph(graphSchema.parse({ nodes, edges }), registry);
  const started = performance.now();
  const usedBefore = process.cpuUsage();
  const run = await runOnMemoryHost({
    graph,
    registry,
    services,
    info: { id: "exec_bench", mode: "manual", flowId: "bench", flowName: "Bench", organizationId: "", resumeUrl: "" },
    trigger: { nodeId: "n0", items },
    variables: {},
    lineage: "bench",
    maxVisits: 100,
    timezone: "UTC",
  });
  const used = process.cpuUsage(usedBefore);
  const taken = { seconds: (performance.now() - started) / 1000, cpuSeconds: (used.user + used.system) / 1e6 };
  if (run.status !== "succeeded") throw new Error(run.error?.message ?? run.status);
  return taken;
}

const condition = { leftValue: "={{ $json.total }}", operator: { type: "number", operation: "gt" }, rightValue: 10 };
const field = (name: string, type: string, value: string): JsonObject => ({ name, type, value });

const EXPRESSIONS = [
  "$json.name",
  "$json.total * 1.19",
  '$json.name.toUpperCase() + ": " + $json.total',
  "$json.total > 50 ? 'big' : 'small'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: text of an expression
  "`Dear ${$json.name}, you owe ${$json.total}`",
  "$json.tags.filter((tag) => tag !== 'a').length",
  "$json.address?.city ?? 'nowhere'",
  "$json.email.split('@')[1]",
];

function microseconds(expression: string): number {
  const scope = testScope([{ name: "Ada", total: 42, email: "ada@example.com", tags: ["a", "b", "c"], address: { city: "London" } }]);
  const template = `={{ ${expression} }}`;
  const once = (rounds: number): number => {
    const started = performance.now();
    for (let round = 0; round < rounds; round++) evaluateTemplate(template, scope, 0);
    return ((performance.now() - started) * 1000) / rounds;
  };
  once(20_000);
  return Math.min(once(20_000), once(20_000), once(20_000));
}

const taken = await measure(
  customers(100_000),
  ["filter", { conditions: { conditions: [condition] } }],
  [
    "set",
    {
      include: "all",
      fields: [
        field("label", "string", "={{ $json.name.toUpperCase() }}: {{ $json.total }}"),
        field("vat", "number", "={{ $json.total * 0.19 }}"),
      ],
    },
  ],
  ["aggregate", { aggregate: "aggregateAllItemData" }],
);
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
const five = ["a", "b", "c", "d", "e"].map((name) => field(name, "string", `={{ $json.name }} {{ $json.total + 1 }} ${name}`));
await measure(customers(1000), ["set", { fields: five }]);
const nodes = [await measure(customers(1000), ["set", { fields: five }]), await measure(customers(1000), ["set", { fields: five }])];
const figures: ItemFigures = {
  ...taken,
  peakMegabytes: peak,
  nodeMs: Math.min(...nodes.map((each) => each.seconds)) * 1000,
  nodeCpuMs: Math.min(...nodes.map((each) => each.cpuSeconds)) * 1000,
  expressions: Object.fromEntries(EXPRESSIONS.map((text) => [text, microseconds(text)])),
};
process.stdout.write(JSON.stringify(figures));
await services.close();
process.exit();
