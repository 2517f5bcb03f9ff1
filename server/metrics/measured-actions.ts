import type { Item } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import type { NodeRegistry } from "@/flow/node/registry";
import { metrics } from "./metrics";

interface Called {
  orgId: string;
  toolKey: string;
  actionKey: string;
}

/** Counts a call of an action: a step's attempt, however many items it has, or one outside of flows. */
export function countAction(called: Called, status: "success" | "error", seconds: number): void {
  metrics.actions.add({ ...called, status });
  metrics.actionTimes.observe({ ...called }, seconds);
}

const hasFailed = (outputs: readonly (readonly Item[])[]): boolean =>
  outputs.some((items) => items.some(({ error }) => error !== undefined));

/** A registry whose action nodes are counted. */
export function measuredActions(registry: NodeRegistry): NodeRegistry {
  const measured =
    (execute: NodeExecutor): NodeExecutor =>
    async (context) => {
      const began = performance.now();
      // By what was found: a key that an expression gave may be any text.
      let called: Called = { orgId: context.execution.organizationId, toolKey: "unknown", actionKey: "unknown" };
      let status: "success" | "error" = "error";
      try {
        const result = await execute({
          ...context,
          async action(reference) {
            const found = await context.action(reference);
            called = { ...called, toolKey: found.tool.key, actionKey: found.key };
            return found;
          },
        });
        status = hasFailed(Array.isArray(result) ? result : result.outputs) ? "error" : "success";
        return result;
      } finally {
        countAction(called, status, (performance.now() - began) / 1_000);
      }
    };
  return {
    definition: (type) => registry.definition(type),
    executor(type) {
      const executor = registry.executor(type);
      if (type !== "action") return executor;
      return executor instanceof Promise ? executor.then(measured) : measured(executor);
    },
  };
}
