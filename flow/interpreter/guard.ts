import { FatalError, isCancelled, isRetriable, type StepError, toStepError } from "../execution/errors";
import type { Outputs } from "../item";
import { isRepeatable } from "../node/define-node";
import type { Attempt, StepKey, StepOutput } from "./host";
import type { PreparedNode } from "./prepare";

export interface GuardedAttempt {
  key: StepKey;
  nodeId: string;
  attempt: number;
}

export type Intent =
  /** Nothing is known of an earlier beginning, or a person said to do it again. */
  | { state: "go" }
  /** It was begun and its end was not seen; `asked` counts how often a person was asked about the attempt. */
  | { state: "asked"; asked: number }
  | { state: "done"; outputs: Outputs }
  | { state: "failed"; message: string };

/** Notes attempts of writes that cannot be repeated, durably and before they begin, and what people decided about them. */
export interface WriteGuard {
  begin(attempt: GuardedAttempt): Promise<Intent>;
  /** Asks about an attempt that got no answer. @returns how often somebody was asked about it */
  ask(attempt: GuardedAttempt, reason: string): Promise<number>;
}

/** Whether an attempt of the node must be noted before it begins. */
export function isGuarded({ definition, node, effect, retry }: PreparedNode): boolean {
  if (effect !== "write" || node.disabled || !definition || isRepeatable(definition, node.parameters)) return false;
  const { unclear } = node.settings ?? {};
  return unclear === "ask" || (unclear === undefined && retry.maxAttempts === 1);
}

/** No answer came, so that nobody knows whether it was done. An answer that says no is clear. */
const isUnclear = (error: StepError): boolean => error.httpStatus === undefined && isRetriable(error);

/** The same attempt runs again once somebody has decided; a wait is told from those before it by a number below 1. */
const undecided = (attempt: number, asked: number): StepOutput => ({
  outputs: [],
  suspend: { kind: "flows", attempt, started: -asked },
});

/** Runs a write that cannot be repeated, unless an attempt of it may have been made already: then a person decides. */
export async function executeGuarded(
  guard: WriteGuard,
  prepared: PreparedNode,
  key: StepKey,
  attempt: Attempt,
  execute: () => Promise<StepOutput> | StepOutput,
): Promise<StepOutput> {
  const { node } = prepared;
  const made: GuardedAttempt = { key, nodeId: node.id, attempt: attempt.number };
  const intent = await guard.begin(made);
  if (intent.state === "asked") return undecided(attempt.number, intent.asked);
  if (intent.state === "failed") throw new FatalError(intent.message);
  if (intent.state === "done") return { outputs: prepared.outputs.map((_, handle) => intent.outputs[handle] ?? []) };
  try {
    return await execute();
  } catch (thrown) {
    const error = toStepError(thrown);
    if (node.settings?.unclear !== "ask" || isCancelled(thrown) || attempt.signal.aborted || !isUnclear(error)) throw thrown;
    return undecided(attempt.number, await guard.ask(made, error.message));
  }
}
