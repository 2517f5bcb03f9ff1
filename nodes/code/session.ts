import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item } from "@/flow/item";
import type { NodeContext, SandboxResult } from "@/flow/node/context";
import type { code } from "./definition";
import { itemsFromAll, itemsFromEach } from "./normalize-result";

type Context = NodeContext<z.infer<typeof code.parameters>>;

/** What a step gives whose code goes on by itself. */
export const sessionItem = (sessionId: string, executionTime: number): Item => ({
  json: { success: true, sessionId, executionTime: Math.round(executionTime) },
});

/** @throws FatalError for code that keeps values: there is nobody who would take them when it ends */
export function assertKeepsNothing(keeps: boolean): void {
  if (keeps) throw new FatalError('Code that keeps values for later has to be waited for: choose another way under "Wait in Daytona"');
}

/** Results of the sessions that the items name, waited for one after the other. */
export async function sessionItems(context: Context, report: (logs: SandboxResult["logs"]) => void): Promise<Item[]> {
  const found: Item[] = [];
  for (const index of context.items.keys()) {
    const { session, mode, pollInterval, maxPollAttempts } = context.parameters(index);
    if (session.trim() === "") throw new ParameterError("session", "is empty", index);
    const { value, logs } = await context.sandbox.run(
      {
        language: "javascript",
        code: "",
        globals: {},
        session: session.trim(),
        organizationId: context.execution.organizationId,
        wait: { pollIntervalMs: pollInterval, maxPollAttempts },
      },
      context.signal,
    );
    report(logs);
    const items = mode === "eachItem" ? itemsFromEach(value, new Set()) : itemsFromAll(value, new Set());
    // What they were made from were the items of another step.
    found.push(...items.map((item) => ({ ...item, pairedItem: { item: index } })));
  }
  return found;
}
