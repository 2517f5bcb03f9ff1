import type { CredentialAccess, CredentialUser } from "../credentials/access";
import { FatalError, isCancelled, isRetriable, toStepError } from "../execution/errors";
import { resolveParameters } from "../expression/resolve";
import type { ExpressionScope } from "../expression/scope";
import { evaluateTemplate } from "../expression/template";
import type { Item, JsonObject, Outputs } from "../item";
import type { ExecutionInfo, FlowStarter, HttpClient, LogLevel, NodeContext, NodeResult, Sandbox, ScopeData } from "../node/context";
import { type CustomData, type CustomValues, mentionsCustomData } from "../node/custom-data";
import { credentialSlots } from "../node/define-node";
import { literalPaths } from "../node/literal-paths";
import { openParameters } from "../node/open-parameters";
import { parseParameters } from "../node/parameters";
import type { NodeRegistry } from "../node/registry";
import type { FlowStorage } from "../node/storage";
import { finishOutputs, outputsOfFailure } from "./finish-outputs";
import { executeGuarded, isGuarded, type WriteGuard } from "./guard";
import type { Attempt, StepOutput } from "./host";
import type { Visit } from "./plan";
import type { PreparedNode } from "./prepare";
import type { ResumedRun } from "./resumed-run";
import { inputsOf, runsOf } from "./runs";
import { type ScopeBase, visitScope } from "./scope";

/** What nodes may use of the world; everything goes through here. */
export interface NodeServices {
  http: HttpClient;
  /** Absent where there are no credentials. */
  credentials?: CredentialAccess;
  sandbox: Sandbox;
  /** Finds the actions of tools. Absent: this host has none. */
  action?: NodeContext["action"];
  storage(visit: { key: string; nodeId: string }): FlowStorage;
  /** What the execution says of itself. Absent: it ends with this process. */
  customData?: (visit: { key: string }) => CustomData;
  checkHost: NodeContext["checkHost"];
  connect: NodeContext["connect"];
  readBinary: NodeContext["readBinary"];
  writeBinary: NodeContext["writeBinary"];
  /** Starts executions of other flows for one attempt of a step. Absent: this host has none. */
  flows?: (caller: FlowCaller) => FlowStarter;
  /** Notes attempts of writes that cannot be repeated. Absent: nothing outlives this process. */
  guard?: WriteGuard;
  log(visit: { key: string; nodeId: string }, level: LogLevel, message: string, data?: JsonObject): void;
}

/** The attempt that starts executions of other flows. */
export interface FlowCaller {
  /** The step's. */
  key: string;
  attempt: number;
}

const noAction: NodeContext["action"] = ({ tool, action }) =>
  Promise.reject(new FatalError(`There is no action "${action}" of a tool "${tool}" here`));

const NO_FLOWS: FlowStarter = {
  start: () => Promise.reject(new FatalError("Other flows cannot be run here")),
  outcome: () => Promise.resolve(null),
};

export interface VisitEnvironment extends ScopeBase {
  readonly registry: NodeRegistry;
  readonly services: NodeServices;
  readonly info: ExecutionInfo;
  readonly triggerItems: readonly Item[];
  /** Same for an execution and its resumptions; part of idempotency keys. */
  readonly lineage: string;
  /** Pinned items stand in for nodes. */
  readonly usesPins: boolean;
  /**
   * What a node that shall not run again gave in an earlier execution; null for every other node, and where that execution has
   * nothing (any more).
   */
  readonly earlierOutputs?: (visit: { key: string; nodeId: string }) => Promise<Outputs | null> | null;
  /** Set for an execution that takes over what an earlier one did. */
  resumed?: Pick<ResumedRun, "settle">;
  /** Stands in for `services.customData`. */
  readonly customData: (visit: { key: string }) => CustomData;
  /** Milliseconds since the epoch. Read only inside of a step. */
  now(): number;
}

const asResult = (given: Outputs | NodeResult): NodeResult => (Array.isArray(given) ? { outputs: given } : given);

/** Items by input handle. An entry node gets what the trigger gave. */
const inputItems = (env: VisitEnvironment, visit: Visit, prepared: PreparedNode): readonly (readonly Item[])[] =>
  visit.sources.length === 0 ? [env.triggerItems] : inputsOf(env.history, visit, prepared);

/** Pinned items stand in for a node in manual runs, never in production. Those of a trigger are for whoever starts the execution. */
const isPinned = ({ usesPins }: VisitEnvironment, visit: Visit, { node, definition }: PreparedNode): boolean =>
  node.pinned !== undefined && usesPins && (visit.sources.length > 0 || !definition?.trigger);

/** Parameters by item: resolved once where nothing is an expression, else once an item. */
function parameterReader(prepared: PreparedNode, scope: ExpressionScope): (itemIndex: number) => JsonObject {
  const { definition, node } = prepared;
  if (!definition) return () => node.parameters;
  const literal = literalPaths(definition);
  const open = openParameters(definition, node.parameters);
  const byItem = new Map<number, JsonObject>();
  let constant: JsonObject | undefined;
  return (itemIndex) => {
    if (constant) return constant;
    const known = byItem.get(itemIndex);
    if (known) return known;
    if (open) {
      const resolved = resolveParameters(open, scope, itemIndex, { literal });
      byItem.set(itemIndex, resolved);
      return resolved;
    }
    const resolved = resolveParameters(node.parameters, scope, itemIndex, { literal });
    const parsed = parseParameters(definition, resolved, itemIndex, node.parameters) as JsonObject;
    if (resolved === node.parameters) constant = parsed;
    else byItem.set(itemIndex, parsed);
    return parsed;
  };
}

function scopeData(env: VisitEnvironment, scope: ExpressionScope, names: readonly string[]): ScopeData {
  const nodes: ScopeData["nodes"] = {};
  for (const name of names) {
    const data = scope.node(name);
    const items = data?.items();
    if (data && items) nodes[name] = { items: [...items], parameters: data.parameters };
  }
  return {
    nodes,
    variables: env.variables,
    execution: { ...env.execution },
    workflow: { ...env.workflow },
    prevNode: { ...scope.previousNode },
    runIndex: scope.runIndex,
    now: new Date(scope.now).toISOString(),
    timezone: env.timezone,
  };
}

/**
 * Runs a node once: inputs, parameters, executor, and what its settings make of the result. All that it needs of earlier
 * steps must be at hand in `env.history`. Synchronous when the executor is.
 *
 * @throws whatever the executor threw, unless this is the last attempt and the node goes on after errors.
 */
export function executeVisit(env: VisitEnvironment, visit: Visit, attempt: Attempt): StepOutput | Promise<StepOutput> {
  const prepared = env.graph.prepared(visit.node.id);
  const { node, outputs } = prepared;
  const inputs = inputItems(env, visit, prepared);
  if (node.disabled) {
    const passed = (inputs[0] ?? []).map((item, position) => ({ ...item, pairedItem: { item: position } }));
    return { outputs: [passed, ...outputs.slice(1).map(() => [])] };
  }
  if (isPinned(env, visit, prepared)) {
    const given = (node.pinned ?? []).map((item): Item => ({ ...item }));
    return { outputs: finishOutputs(node, visit.sources.length === 0 ? [] : inputs, [given], outputs.length), given: "pinned" };
  }
  if (env.resumed) {
    return env.resumed
      .settle(visit)
      .then(({ outputs: known, lineage }) =>
        known
          ? { outputs: known, given: "earlier" }
          : execute(lineage === null ? env : { ...env, lineage }, visit, attempt, prepared, inputs),
      );
  }
  const earlier = env.earlierOutputs?.({ key: visit.key, nodeId: node.id });
  if (!earlier) return execute(env, visit, attempt, prepared, inputs);
  return earlier.then((known) => (known ? { outputs: known, given: "earlier" } : execute(env, visit, attempt, prepared, inputs)));
}

type Execution = (
  env: VisitEnvironment,
  visit: Visit,
  attempt: Attempt,
  prepared: PreparedNode,
  inputs: readonly (readonly Item[])[],
) => StepOutput | Promise<StepOutput>;

const execute: Execution = (env, visit, attempt, prepared, inputs) => {
  const { guard } = env.services;
  if (!guard || !isGuarded(prepared)) return executeInformed(env, visit, attempt, prepared, inputs);
  return executeGuarded(guard, prepared, visit.key, attempt, () => executeInformed(env, visit, attempt, prepared, inputs));
};

/** Expressions are evaluated at once: what they may read of the outside is fetched before. */
const executeInformed: Execution = (env, visit, attempt, prepared, inputs) => {
  const custom = env.services.customData?.(visit) ?? env.customData(visit);
  if (!mentionsCustomData(prepared.node)) return executeNode(env, visit, attempt, prepared, inputs, custom, {});
  return custom.read().then((values) => executeNode(env, visit, attempt, prepared, inputs, custom, values));
};

function executeNode(
  env: VisitEnvironment,
  visit: Visit,
  attempt: Attempt,
  prepared: PreparedNode,
  inputs: readonly (readonly Item[])[],
  customData: CustomData,
  customValues: CustomValues,
): StepOutput | Promise<StepOutput> {
  const { node, definition, outputs } = prepared;
  const goesOn = (node.settings?.onError ?? "stop") !== "stop";
  const { credentials } = env.services;
  const redact = <T>(value: T): T => (credentials ? credentials.redact(value) : value);
  const failed = (raw: unknown): StepOutput => {
    const thrown = redact(raw);
    const error = toStepError(thrown);
    if (!goesOn || isCancelled(thrown) || (!attempt.last && isRetriable(error))) throw thrown;
    return { outputs: outputsOfFailure(node, inputs, error, outputs.length), error };
  };
  const done = (given: Outputs | NodeResult): StepOutput => {
    const { outputs: made, suspend, response, ran, ending } = redact(asResult(given));
    const finished = finishOutputs(node, visit.sources.length === 0 ? [] : inputs, made, outputs.length);
    return {
      outputs: finished,
      ...(suspend && { suspend }),
      ...(response && { response }),
      ...(ran && { ran }),
      ...(ending && { ending }),
    };
  };
  try {
    if (!definition) throw new FatalError(`This installation has no node of the type "${node.type}"`);
    const executor = env.registry.executor(node.type);
    const scope = visitScope(env, visit, inputs, env.now(), customValues);
    const user: CredentialUser = {
      id: node.id,
      name: node.name,
      credentials: node.credentials,
      slots: credentialSlots(definition, node.parameters),
    };
    const context: NodeContext = {
      node: { id: node.id, name: node.name, type: node.type, parameters: node.parameters },
      execution: env.info,
      runIndex: visit.runIndex,
      attempt: attempt.number,
      lastAttempt: attempt.last,
      continueOnFail: goesOn,
      earlierRuns: runsOf(env, definition.loops ? env.plan.runsBefore(node.id, visit.path) : []),
      inputs,
      items: inputs[0] ?? [],
      parameters: parameterReader(prepared, scope),
      evaluate: (template, itemIndex, extra) => evaluateTemplate(template, extra ? { ...scope, extra } : scope, itemIndex),
      scopeData: async (names) => scopeData(env, scope, names),
      http: credentials ? credentials.clientFor(user) : env.services.http,
      credential: (slot) => (credentials ? credentials.fields(user, slot) : Promise.resolve(null)),
      sandbox: env.services.sandbox,
      action: env.services.action ?? noAction,
      get storage() {
        return env.services.storage({ key: visit.key, nodeId: node.id });
      },
      customData,
      checkHost: env.services.checkHost,
      connect: (target) => env.services.connect({ signal: attempt.signal, ...target }),
      flows: env.services.flows?.({ key: visit.key, attempt: attempt.number }) ?? NO_FLOWS,
      signal: attempt.signal,
      idempotencyKey: (itemIndex) => `${env.lineage}:${visit.key}:${itemIndex}`,
      log: (level, message, data) => env.services.log({ key: visit.key, nodeId: node.id }, level, redact(message), redact(data)),
      readBinary: env.services.readBinary,
      writeBinary: (bytes, info) => env.services.writeBinary(redact(bytes), info),
    };
    const given = executor instanceof Promise ? executor.then((execute) => execute(context)) : executor(context);
    return given instanceof Promise ? given.then(done).catch(failed) : done(given);
  } catch (thrown) {
    return failed(thrown);
  }
}
