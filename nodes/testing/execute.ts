import { resolveParameters } from "@/flow/expression/resolve";
import type { ExpressionScope } from "@/flow/expression/scope";
import { evaluateTemplate } from "@/flow/expression/template";
import type { Item, JsonObject, Outputs } from "@/flow/item";
import type { HttpClient, HttpRequest, HttpResponse, NodeContext, NodeResult, Sandbox } from "@/flow/node/context";
import { createMemoryCustomData } from "@/flow/node/custom-data";
import { literalPaths } from "@/flow/node/literal-paths";
import { createMemoryStorage, type MemoryStorage } from "@/flow/node/memory-storage";
import { parseParameters } from "@/flow/node/parameters";
import { definitionOf } from "../catalog";
import { nodeRegistry } from "../registry";

export interface TestVisit {
  /** Raw parameters, templates and all. */
  parameters?: JsonObject;
  /** Items of the first input: whole ones, or their json. */
  items?: (Item | JsonObject)[];
  /** Items by input handle; in place of `items`. */
  inputs?: (Item | JsonObject)[][];
  continueOnFail?: boolean;
  lastAttempt?: boolean;
  /** Items that other nodes have given, by name. */
  nodes?: Record<string, JsonObject[]>;
  http?: HttpClient | ((request: HttpRequest) => Partial<HttpResponse> | Promise<Partial<HttpResponse>>);
  sandbox?: Sandbox;
  action?: NodeContext["action"];
  /** What earlier executions have kept. */
  storage?: MemoryStorage;
  /** What the steps before have set. */
  customData?: ReturnType<typeof createMemoryCustomData>;
  checkHost?: NodeContext["checkHost"];
  connect?: NodeContext["connect"];
  /** Id of the execution; `exec_test` by default. */
  execution?: string;
  startedBy?: string;
  /** Fields of credentials, by slot. */
  credentials?: Record<string, Record<string, string>>;
  timezone?: string;
  now?: Date;
  signal?: AbortSignal;
  flows?: NodeContext["flows"];
}

export interface TestOutcome extends NodeResult {
  /** Bare json by output, for short expectations. */
  json: JsonObject[][];
  logs: { level: string; message: string }[];
}

const isItem = (value: Item | JsonObject): value is Item =>
  typeof value.json === "object" && value.json !== null && !Array.isArray(value.json);
const asItem = (value: Item | JsonObject): Item => (isItem(value) ? value : { json: value });

const refuse = (what: string) => () => Promise.reject(new Error(`This test gives the node no ${what}`));

/** Runs one node's executor once, outside of any flow, as the interpreter would. */
export async function executeForTest(type: string, visit: TestVisit = {}): Promise<TestOutcome> {
  const definition = definitionOf(type);
  if (!definition) throw new Error(`No node type "${type}"`);
  const raw = visit.parameters ?? {};
  const inputs = (visit.inputs ?? [visit.items ?? [{}]]).map((items) => items.map(asItem));
  const items = inputs[0] ?? [];
  const now = visit.now ?? new Date();
  const timezone = visit.timezone ?? "UTC";
  const scope = testScope(visit, inputs, raw, now, timezone);
  const logs: TestOutcome["logs"] = [];
  const files = new Map<string, Uint8Array>();
  const context: NodeContext = {
    node: { id: "n1", name: "Node", type, parameters: raw },
    execution: {
      id: "exec_test",
      mode: "manual",
      flowId: "flow",
      flowName: "Test",
      organizationId: "org",
      resumeUrl: "http://localhost/resume",
      ...(visit.startedBy !== undefined && { startedBy: async () => visit.startedBy ?? null }),
    },
    runIndex: 0,
    attempt: 1,
    continueOnFail: visit.continueOnFail ?? false,
    earlierRuns: { count: 0, run: () => undefined },
    lastAttempt: visit.lastAttempt ?? true,
    inputs,
    items,
    parameters: (itemIndex) => {
      const resolved = resolveParameters(raw, scope, itemIndex, { literal: literalPaths(definition) });
      return parseParameters(definition, resolved, itemIndex, raw) as JsonObject;
    },
    evaluate: (template, itemIndex, extra) => evaluateTemplate(template, extra ? { ...scope, extra } : scope, itemIndex),
    scopeData: async (names) => ({
      nodes: Object.fromEntries(
        names.flatMap((name) => {
          const given = visit.nodes?.[name];
          return given ? [[name, { items: given.map(asItem), parameters: {} }]] : [];
        }),
      ),
      variables: {},
      execution: { id: "exec_test", mode: "test", resumeUrl: "http://localhost/resume" },
      workflow: { id: "flow", name: "Test", active: false },
      prevNode: {},
      runIndex: 0,
      now: now.toISOString(),
      timezone,
    }),
    http: typeof visit.http === "function" ? fakeHttp(visit.http) : (visit.http ?? { request: refuse("network") }),
    credential: async (slot) => visit.credentials?.[slot] ?? null,
    sandbox: visit.sandbox ?? { run: refuse("sandbox") },
    action: visit.action ?? refuse("action"),
    storage: (visit.storage ?? createMemoryStorage()).of({ key: "n1#0", nodeId: "n1" }),
    customData: (visit.customData ?? createMemoryCustomData())({ key: "n1#0" }),
    checkHost: visit.checkHost ?? refuse("network"),
    connect: visit.connect ? (target) => visit.connect!({ ...(visit.signal && { signal: visit.signal }), ...target }) : refuse("network"),
    flows: visit.flows ?? { start: refuse("other flows"), outcome: refuse("other flows") },
    signal: visit.signal ?? new AbortController().signal,
    idempotencyKey: (itemIndex) => `${visit.execution ?? "exec_test"}:n1#0:${itemIndex}`,
    log: (level, message) => {
      logs.push({ level, message });
    },
    readBinary: async (binary) => files.get(binary.id ?? "") ?? Buffer.from(binary.data ?? "", "base64"),
    writeBinary: async (bytes, info) => ({ ...info, fileSize: bytes.length, data: Buffer.from(bytes).toString("base64") }),
  };
  const execute = await nodeRegistry.executor(type);
  const given: Outputs | NodeResult = await execute(context);
  const result = Array.isArray(given) ? { outputs: given } : given;
  return { ...result, json: result.outputs.map((list) => list.map((item) => item.json)), logs };
}

const fakeHttp = (answer: (request: HttpRequest) => Partial<HttpResponse> | Promise<Partial<HttpResponse>>): HttpClient => ({
  request: async (request) => ({
    status: 200,
    statusText: "OK",
    headers: {},
    body: new Uint8Array(),
    url: request.url,
    ...(await answer(request)),
  }),
});

function testScope(visit: TestVisit, inputs: Item[][], raw: JsonObject, now: Date, timezone: string): ExpressionScope {
  return {
    items: inputs[0] ?? [],
    inputs,
    runIndex: 0,
    node: (name) => {
      const items = visit.nodes?.[name]?.map(asItem);
      if (!items) return undefined;
      const pairedItem = (itemIndex: number): Item => items[itemIndex] ?? (items[0] as Item);
      return { items: () => items, pairedItem, parameters: {}, isExecuted: true, runs: 1 };
    },
    nodeNames: Object.keys(visit.nodes ?? {}),
    previousNode: null,
    parameters: raw,
    variables: {},
    workflow: { id: "flow", name: "Test", active: false },
    execution: { id: "exec_test", mode: "test", resumeUrl: "http://localhost/resume" },
    env: {},
    vars: {},
    trigger: {},
    now: now.getTime(),
    timezone,
  };
}
