import { isDeepStrictEqual } from "node:util";
import { isRetriable, type StepError, toStepError } from "@/flow/execution/errors";
import type { Graph } from "@/flow/graph/schema";
import { type Host, StepFailedError, type StepKey, type StepOutput, type StepRef, type StepSummary } from "@/flow/interpreter/host";
import { type InterpretResult, interpret } from "@/flow/interpreter/interpret";
import { prepareGraph } from "@/flow/interpreter/prepare";
import { testRegistry } from "@/flow/interpreter/testing/registry";
import { noServices } from "@/flow/interpreter/testing/run";
import type { Json, JsonObject } from "@/flow/item";

/** One visit as a journal holds it. */
export interface RecordedVisit {
  key: StepKey;
  sources: StepRef["sources"];
  /** Null where its last attempt failed, with `error`. */
  output: StepOutput | null;
  error?: StepError;
  /** What ended its wait; null for a sleep. Absent where it did not wait. */
  payload?: Json;
}

/** What a release did with a flow. */
export interface History {
  graph: Graph;
  items: JsonObject[];
  /** In the order in which they began. */
  visits: RecordedVisit[];
  end: InterpretResult;
}

/** Every wait is answered so. */
const ANSWER = { approved: true };

/** Answers what was recorded and runs the rest, as an engine does that takes an execution over. */
class HistoryHost implements Host {
  readonly outputsInMemory = true;
  readonly visits = new Map<StepKey, RecordedVisit>();

  constructor(private readonly recorded: ReadonlyMap<StepKey, RecordedVisit>) {}

  async run(step: StepRef, fn: Parameters<Host["run"]>[1]): Promise<StepSummary> {
    const known = this.recorded.get(step.key);
    if (known && !isDeepStrictEqual(known.sources, JSON.parse(JSON.stringify(step.sources)))) {
      throw new Error(`${step.key} was given ${JSON.stringify(known.sources)}, and is now given ${JSON.stringify(step.sources)}`);
    }
    const visit = known ? { ...known } : await this.attempt(step, fn);
    this.visits.set(step.key, visit);
    if (!visit.output) throw new StepFailedError(step.key, visit.error!);
    const { outputs, suspend, error } = visit.output;
    return { counts: outputs.map((items) => items.length), ...(suspend && { suspend }), ...(error && { error }) };
  }

  private async attempt({ key, sources, retry }: StepRef, fn: Parameters<Host["run"]>[1]): Promise<RecordedVisit> {
    for (let number = 1; ; number++) {
      const last = number >= retry.maxAttempts;
      try {
        return { key, sources, output: await fn({ number, last, signal: new AbortController().signal }) };
      } catch (thrown) {
        const error = toStepError(thrown);
        if (last || !isRetriable(error)) return { key, sources, output: null, error };
      }
    }
  }

  outputs(key: StepKey) {
    return this.visits.get(key)!.output!.outputs;
  }

  async sleep(step: StepRef): Promise<void> {
    this.visits.get(step.key)!.payload = null;
  }

  async waitForEvent(step: StepRef): Promise<Json | null> {
    const visit = this.visits.get(step.key)!;
    visit.payload ??= ANSWER;
    return visit.payload;
  }

  waitForFlows(): Promise<void> {
    return Promise.reject(new Error("No flow here starts others"));
  }
}

/** Runs a flow from where the first visits of a history end; from its start without any. */
export async function goOnFrom({ graph, items, visits = [] }: Pick<History, "graph" | "items"> & Partial<History>): Promise<History> {
  const host = new HistoryHost(new Map(visits.map((visit) => [visit.key, visit])));
  const end = await interpret({
    graph: prepareGraph(graph, testRegistry),
    registry: testRegistry,
    host,
    services: noServices,
    info: { id: "exec_1", mode: "api", flowId: "flow", flowName: "Flow", organizationId: "org", resumeUrl: "http://localhost/resume" },
    trigger: { nodeId: "Start", items: items.map((json) => ({ json })) },
    variables: {},
    lineage: "exec_1",
    maxVisits: 1000,
    timezone: "UTC",
    now: () => 0,
  });
  return JSON.parse(JSON.stringify({ graph, items, visits: [...host.visits.values()], end })) as History;
}
