import { LimitError } from "./errors";

const HINT = "Use a Code node for heavy computations, or fewer items at a time";

/** What an evaluation is taken to cost where it was too short for the clock to be read, in milliseconds. */
const EACH_MS = 0.002;
const STEP_MS = 1 / 20_000;

/** Milliseconds that expressions may take. */
export interface AllowanceLimits {
  /** For all items of a visit together. */
  total: number;
  /** Without anything else of the process getting its turn. */
  stretch: number;
}

/** No honest flow comes near the total. A stretch is a third of the time after which a silent engine is taken for dead. */
const ALLOWANCE: AllowanceLimits = { total: 120_000, stretch: 5_000 };

/**
 * What the evaluations of one visit may take together. Each has a budget of its own (`budget.ts`); a node with thousands of items
 * whose expressions each use theirs up would hold the process for hours all the same, and with it everybody else's flows.
 */
export class Allowance {
  private left: number;
  private stretchLeft: number;
  private renewing = false;

  constructor(private readonly limits: AllowanceLimits = ALLOWANCE) {
    this.left = limits.total;
    this.stretchLeft = limits.stretch;
  }

  /**
   * Milliseconds that the next evaluation may take at most.
   * @throws LimitError when there are none left
   */
  next(most: number): number {
    if (this.left <= 0) throw new LimitError(`The expressions of this node take longer than ${this.limits.total / 1000} s`, { hint: HINT });
    if (this.stretchLeft <= 0) {
      throw new LimitError(`The expressions of this node take longer than ${this.limits.stretch / 1000} s for one item`, { hint: HINT });
    }
    return Math.min(most, this.left, this.stretchLeft);
  }

  /** Counts an evaluation: `milliseconds` where it was long enough for the clock to be read, else null. */
  charge(steps: number, milliseconds: number | null): void {
    const used = milliseconds ?? EACH_MS + steps * STEP_MS;
    this.left -= used;
    this.stretchLeft -= used;
    if (this.renewing || this.limits.stretch - this.stretchLeft < 1) return;
    // Runs once the process had its turn: whatever the node waited for, others were served meanwhile.
    this.renewing = true;
    setTimeout(() => {
      this.renewing = false;
      this.stretchLeft = this.limits.stretch;
    }, 0);
  }
}
