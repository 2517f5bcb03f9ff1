import { FatalError } from "../execution/errors";
import type { JsonObject, Outputs } from "../item";
import type { EarlierRun } from "./earlier-run";
import type { StepKey } from "./host";
import { sameJson } from "./partial";
import type { Plan, Visit } from "./plan";
import type { PreparedGraph } from "./prepare";
import { Reuse, type Sameness, type Verdict } from "./reuse";

/** What an execution takes over from an earlier one. */
export interface Resumption {
  earlier: EarlierRun;
  /** See `ReuseOptions`. */
  keepWrites: boolean;
  /** Of the earlier execution: part of the idempotency keys of what had no end there. */
  lineage: string;
  /** What a visit of the earlier execution gave, as the nodes after it saw it; null when it is not kept (any more). */
  outputs(key: StepKey): Promise<Outputs | null>;
}

/** What becomes of a visit of a resumed execution. */
export interface Settled {
  /** What the visit gives without running; null when it runs. */
  outputs: Outputs | null;
  /** Of its idempotency keys; null for the execution's own. */
  lineage: string | null;
}

/** Decides, visit by visit, what a resumed execution takes over. */
export class ResumedRun {
  private readonly reuse: Reuse;
  private readonly known = new Map<StepKey, Sameness>();

  constructor(
    private readonly resumption: Resumption,
    private readonly now: {
      graph: PreparedGraph;
      plan: Pick<Plan, "runsBefore">;
      variables: JsonObject;
      timezone: string;
      usesPins: boolean;
    },
    /** What a visit of this execution gave. */
    private readonly outputs: (key: StepKey) => Promise<Outputs>,
  ) {
    const { earlier, keepWrites } = resumption;
    this.reuse = new Reuse(earlier, now, { keepWrites, usesPins: now.usesPins });
  }

  /** Hears of every visit as it begins, in the plan's order. */
  note(visit: Visit): void {
    this.reuse.note(visit);
  }

  /** @throws FatalError when a completed write must not run again and what it gave is gone. */
  async settle(visit: Visit): Promise<Settled> {
    const verdict = await this.verdict(visit);
    if (verdict.does === "run" || verdict.does === "maybe") {
      return { outputs: null, lineage: verdict.does === "run" && verdict.repeats ? this.resumption.lineage : null };
    }
    const outputs = await this.resumption.outputs(visit.key);
    if (outputs) this.known.set(visit.key, "same");
    else if (this.resumption.earlier.visits.get(visit.key)?.effect === "write") {
      throw new FatalError(
        `"${visit.node.name}" has done its work in the execution that this one resumes, but what it gave is not kept any more. Resume with writes repeated, or run the flow anew`,
      );
    }
    return { outputs, lineage: null };
  }

  private async verdict(visit: Visit): Promise<Verdict> {
    for (;;) {
      const missing = new Set<StepKey>();
      const verdict = this.reuse.verdict(visit, this.now.plan, (key) => {
        const known = this.known.get(key);
        if (!known) missing.add(key);
        return known ?? "unknown";
      });
      if (missing.size === 0) return verdict;
      await Promise.all([...missing].map(async (key) => this.known.set(key, await this.compare(key))));
    }
  }

  private async compare(key: StepKey): Promise<Sameness> {
    if (this.resumption.earlier.visits.get(key)?.state !== "done") return "different";
    const then = await this.resumption.outputs(key);
    return then && sameJson(then, await this.outputs(key)) ? "same" : "different";
  }
}
