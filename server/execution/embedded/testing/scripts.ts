import type { RetryPolicy } from "@/flow/graph/schema";
import type { FlowCaller } from "@/flow/interpreter/execute-visit";
import { type Host, StepFailedError, type StepRef } from "@/flow/interpreter/host";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { Effect } from "@/flow/node/define-node";
import type { ClaimedExecution, NewExecution, RunExecution } from "../../engine";
import { newExecutionId, newTriggerEventId } from "../../ids";

/** What a scripted execution may do: the host's calls, without a graph around them. */
export interface Steps {
  run(
    name: string,
    fn: (attempt: { number: number; signal: AbortSignal }) => Json | undefined | Promise<Json | undefined>,
    options?: { effect?: Effect; retry?: Partial<RetryPolicy> },
  ): Promise<Json>;
  sleep(name: string, until: Date): Promise<void>;
  wait(name: string, until?: Date): Promise<Json | null>;
  /** Starts executions of other flows; the attempt is made again, with a value this time, once all of them have ended. */
  flows(name: string, attempt: (caller: FlowCaller) => Promise<{ started: number; value: JsonObject | null }>): Promise<void>;
}

/** A flow as a function. What it returns is its last step's item. */
export type Script = (steps: Steps, input: JsonObject, execution: ClaimedExecution) => Promise<void>;

const stepRef = (name: string, effect: Effect, retry: Partial<RetryPolicy> = {}): StepRef => ({
  key: `${name}#0`,
  nodeId: name,
  runIndex: 0,
  effect,
  retry: { maxAttempts: 1, waitMs: 1000, backoff: "fixed", ...retry },
  sources: [],
});

const item = (value: Json): Item => ({ json: typeof value === "object" && value !== null && !Array.isArray(value) ? value : { value } });

function stepsOver(host: Host, executionId: string): Steps & { last: string | null } {
  const steps: Steps & { last: string | null } = {
    last: null,
    async run(name, fn, options = {}) {
      const ref = stepRef(name, options.effect ?? "pure", options.retry);
      await host.run(ref, ({ number, signal }) => {
        const value = fn({ number, signal });
        return value instanceof Promise
          ? value.then((given) => ({ outputs: [[item(given ?? null)]] }))
          : { outputs: [[item(value ?? null)]] };
      });
      steps.last = ref.key;
      const outputs = await host.outputs(ref.key);
      const json = outputs[0]?.[0]?.json ?? {};
      return Object.keys(json).length === 1 && "value" in json ? (json.value ?? null) : json;
    },
    async sleep(name, until) {
      const ref = stepRef(name, "pure");
      const { suspend } = await host.run(ref, () => ({ outputs: [[]], suspend: { kind: "sleep", until: until.toISOString() } }));
      await host.sleep(ref, new Date(suspend!.until!));
    },
    async flows(name, attempt) {
      const ref = stepRef(name, "write");
      const attempted = () =>
        host.run(ref, async ({ number }) => {
          const { started, value } = await attempt({ key: ref.key, attempt: number });
          if (value) return { outputs: [[{ json: value }]] };
          return { outputs: [[]], suspend: { kind: "flows", attempt: number, started } };
        });
      for (let { suspend } = await attempted(); suspend?.kind === "flows"; { suspend } = await attempted()) {
        await host.waitForFlows(ref, suspend);
      }
      steps.last = ref.key;
    },
    async wait(name, until) {
      const ref = stepRef(name, "pure");
      const { suspend } = await host.run(ref, () => ({
        outputs: [[{ json: {} }]],
        suspend: { kind: "event", event: "resume", form: "webhook", ...(until && { until: until.toISOString() }) },
      }));
      steps.last = ref.key;
      return host.waitForEvent(ref, {
        event: "resume",
        correlation: `${executionId}:${ref.key}`,
        ...(suspend!.until !== undefined && { until: new Date(suspend!.until) }),
      });
    },
  };
  return steps;
}

/** Runs scripts by flow id. */
export const runScripts =
  (scripts: Record<string, Script>): RunExecution =>
  async (execution, host) => {
    const steps = stepsOver(host, execution.id);
    try {
      await scripts[execution.flowId]!(steps, execution.items[0]?.json ?? {}, execution);
      return { status: "succeeded", lastKey: steps.last };
    } catch (thrown) {
      if (!(thrown instanceof StepFailedError)) throw thrown;
      return {
        status: "failed",
        error: { nodeId: thrown.key.split("#")[0]!, nodeName: thrown.key.split("#")[0]!, message: thrown.message },
      };
    }
  };

export function newExecution(
  organizationId: string,
  flowId: string,
  input: JsonObject = {},
  values: Partial<NewExecution> = {},
): NewExecution {
  return {
    id: newExecutionId(),
    organizationId,
    flowId,
    flowName: flowId,
    flowVersion: null,
    graph: { nodes: [], edges: [], settings: {}, variables: {} },
    mode: "webhook",
    triggerNodeId: "trigger",
    items: [{ json: input }],
    variables: {},
    createdById: null,
    retryOfId: null,
    event: { id: newTriggerEventId(), triggerId: null, type: "webhook", dedupeKey: null },
    ...values,
  };
}
