import type { Hint } from "@/flow/execution/events";
import type { StepRef } from "@/flow/interpreter/host";
import { cutOffError } from "../cut-off";
import { hint } from "./live";
import type { StepRecord } from "./record-step";

/** An attempt that takes its time. */
interface Attempt {
  step: StepRef;
  number: number;
  startedAt: Date;
}

/** Attempts of one run that are under way. */
export class Attempts {
  private readonly begun = new Set<Attempt>();

  async during<T>(attempt: Attempt, work: Promise<T>): Promise<T> {
    this.begun.add(attempt);
    try {
      return await work;
    } finally {
      this.begun.delete(attempt);
    }
  }

  hints(): Hint[] {
    return [...this.begun].map(({ step, number, startedAt }) => hint(step, number, startedAt));
  }

  /** Records of those under way now, whose end nobody will see. */
  asCutOff(): (readonly [StepRef, StepRecord])[] {
    return [...this.begun].map(({ step, number, startedAt }) => [
      step,
      {
        attempt: number,
        status: "cancelled",
        counts: null,
        text: null,
        error: cutOffError(step.effect),
        wakeAt: null,
        startedAt,
        finishedAt: new Date(),
        response: null,
      },
    ]);
  }
}
