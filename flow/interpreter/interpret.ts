import { FatalError } from "../execution/errors";
import type { Item, Json, JsonObject, Outputs } from "../item";
import type { ExecutionInfo } from "../node/context";
import { createMemoryCustomData } from "../node/custom-data";
import type { NodeRegistry } from "../node/registry";
import { executeVisit, type NodeServices, type VisitEnvironment } from "./execute-visit";
import { type Host, StepFailedError, type StepKey, type StepRef, type StepSummary } from "./host";
import { Plan, type Visit } from "./plan";
import type { PreparedGraph } from "./prepare";
import { ResumedRun, type Resumption } from "./resumed-run";
import type { ScopeBase } from "./scope";
import { countsAfterWait, eventOf, outputsAfterWait } from "./suspension";

export interface InterpretInput {
  graph: PreparedGraph;
  registry: NodeRegistry;
  host: Host;
  services: NodeServices;
  info: ExecutionInfo;
  trigger: { nodeId: string; items: readonly Item[] };
  /** The flow's variables with those of this execution over them. */
  variables: JsonObject;
  /** See `VisitEnvironment.lineage`. */
  lineage: string;
  /** Node visits after which the execution fails. */
  maxVisits: number;
  timezone: string;
  /** Allowlisted environment and organization variables. */
  env?: ScopeBase["env"];
  vars?: ScopeBase["vars"];
  now?: () => number;
  /** Whether pinned items stand in for nodes; by default in runs by hand. */
  usesPins?: boolean;
  /** See `VisitEnvironment.earlierOutputs`. */
  earlierOutputs?: VisitEnvironment["earlierOutputs"];
  /** Set for an execution that takes over what an earlier one did. */
  resumption?: Resumption;
}

export type InterpretResult =
  | { status: "succeeded" /** The visit that is last in n8n's order. */; lastKey: StepKey | null }
  | { status: "failed"; error: { nodeId: string | null; nodeName: string | null; message: string } };

/** Keys of every visit that an item of `visit` can have come from, itself excluded. */
function ancestry(visit: Visit, visits: ReadonlyMap<StepKey, Visit>): Set<StepKey> {
  const keys = new Set<StepKey>();
  const stack = [visit];
  for (let each = stack.pop(); each; each = stack.pop()) {
    for (const source of each.sources) {
      if (!source || keys.has(source.key)) continue;
      keys.add(source.key);
      stack.push(visits.get(source.key)!);
    }
  }
  return keys;
}

/**
 * Runs a graph from its trigger to the end. A deterministic function of the graph and of what the host answers: between
 * steps it awaits nothing, reads no clock and draws no random number.
 *
 * Rejects with what the host threw other than `StepFailedError`: suspension, cancellation, a lost lease.
 */
export function interpret(input: InterpretInput): Promise<InterpretResult> {
  const { graph, host, trigger, maxVisits } = input;
  const visits = new Map<StepKey, Visit>();
  /** What ended waits brought. */
  const waits = new Map<StepKey, { suspend: NonNullable<StepSummary["suspend"]>; payload: Json | null }>();
  /** Outputs that a host which keeps them elsewhere was asked for. */
  const loaded = new Map<StepKey, Outputs>();

  const afterWait = (key: StepKey, outputs: Outputs): Outputs => {
    const wait = waits.get(key);
    return wait ? outputsAfterWait(outputs, wait.suspend, wait.payload) : outputs;
  };
  const roots = graph.partial?.roots(trigger.nodeId) ?? [graph.prepared(trigger.nodeId).node];
  const plan = new Plan(graph.partial?.index ?? graph.index, (node) => graph.prepared(node.id), roots);
  let resumeUrl: string | undefined;
  let resumeFormUrl: string | undefined;
  const environment: VisitEnvironment = {
    graph,
    plan,
    registry: input.registry,
    services: input.services,
    info: input.info,
    triggerItems: trigger.items,
    variables: input.variables,
    lineage: input.lineage,
    usesPins: input.usesPins ?? input.info.mode === "manual",
    ...(input.earlierOutputs && { earlierOutputs: input.earlierOutputs }),
    customData: createMemoryCustomData(),
    now: input.now ?? Date.now,
    workflow: { id: input.info.flowId, name: input.info.flowName, active: input.info.mode !== "manual" },
    execution: {
      id: input.info.id,
      mode: input.info.mode === "manual" ? "test" : "production",
      // Signed, so made once, and only for those who look.
      get resumeUrl() {
        resumeUrl ??= input.info.resumeUrl;
        return resumeUrl;
      },
      get resumeFormUrl() {
        resumeFormUrl ??= input.info.formUrl ?? input.info.resumeUrl;
        return resumeFormUrl;
      },
    },
    env: input.env ?? {},
    vars: input.vars ?? {},
    trigger: trigger.items[0]?.json ?? {},
    timezone: input.timezone,
    history: {
      visit: (key) => visits.get(key)!,
      outputs: (key) => {
        const outputs = loaded.get(key) ?? host.outputs(key);
        if (outputs instanceof Promise) throw new Error(`The outputs of ${key} were not loaded before they were read`);
        return afterWait(key, outputs);
      },
    },
  };

  const resumed =
    input.resumption &&
    new ResumedRun(input.resumption, environment, async (key) => afterWait(key, loaded.get(key) ?? (await host.outputs(key))));
  if (resumed) environment.resumed = resumed;

  /** Fetches what the visit can read, for hosts that do not hold it; synchronous for those that do. */
  const load = (visit: Visit): undefined | Promise<unknown> => {
    if (host.outputsInMemory) return undefined;
    const { reads, definition } = graph.prepared(visit.node.id);
    const keys = new Set(visit.sources.flatMap((source) => (source ? [source.key] : [])));
    const addRuns = (id: string): void => {
      // A loop's runs are read with what they were given.
      const { loops } = graph.prepared(id).definition ?? {};
      for (const run of plan.runsBefore(id, visit.path)) {
        keys.add(run.key);
        if (loops) for (const source of run.sources) if (source) keys.add(source.key);
      }
    };
    if (reads === null || reads.length > 0) {
      for (const key of ancestry(visit, visits)) keys.add(key);
      for (const id of reads ?? graph.index.byId.keys()) addRuns(id);
    }
    if (definition?.loops) addRuns(visit.node.id);
    const missing = [...keys].filter((key) => !loaded.has(key));
    if (missing.length === 0) return undefined;
    return Promise.all(missing.map(async (key) => loaded.set(key, await host.outputs(key))));
  };

  const run = async (visit: Visit): Promise<readonly number[]> => {
    const { effect, retry } = graph.prepared(visit.node.id);
    const step: StepRef = {
      key: visit.key,
      nodeId: visit.node.id,
      runIndex: visit.runIndex,
      effect,
      retry,
      sources: [...visit.sources],
    };
    const attempted = () =>
      host.run(step, (attempt) => {
        const loading = load(visit);
        return loading ? loading.then(() => executeVisit(environment, visit, attempt)) : executeVisit(environment, visit, attempt);
      });
    let { suspend, counts } = await attempted();
    while (suspend?.kind === "flows") {
      await host.waitForFlows(step, suspend);
      ({ suspend, counts } = await attempted());
    }
    if (!suspend) return counts;
    const until = suspend.until === undefined ? undefined : new Date(suspend.until);
    let payload: Json | null = null;
    if (suspend.kind === "sleep") await host.sleep(step, until!);
    else
      payload = await host.waitForEvent(step, {
        event: eventOf(suspend),
        correlation: `${input.info.id}:${visit.key}`,
        ...(until && { until }),
      });
    waits.set(visit.key, { suspend, payload });
    return countsAfterWait(counts, suspend, payload);
  };

  return new Promise((resolve, reject) => {
    let over = false;
    const end = (error: unknown, visit: Visit | null): void => {
      if (over) return;
      over = true;
      if (!(error instanceof StepFailedError) && !(error instanceof FatalError)) reject(error);
      else
        resolve({
          status: "failed",
          error: { nodeId: visit?.node.id ?? null, nodeName: visit?.node.name ?? null, message: error.message },
        });
    };
    const pump = (): void => {
      for (let visit = over ? null : plan.takeReady(); visit; visit = plan.takeReady()) {
        const ready = visit;
        visits.set(ready.key, ready);
        resumed?.note(ready);
        if (visits.size > maxVisits) {
          const message = `The execution made more than ${maxVisits} node visits and was stopped at "${ready.node.name}". If the loop is meant to be that long, raise the flow's limit of visits`;
          end(new FatalError(message), ready);
          return;
        }
        run(ready).then(
          (counts) => {
            plan.complete(ready, counts);
            pump();
          },
          (error: unknown) => end(error, ready),
        );
      }
      if (!over && plan.idle) {
        over = true;
        resolve({ status: "succeeded", lastKey: plan.last?.key ?? null });
      }
    };
    pump();
  });
}
