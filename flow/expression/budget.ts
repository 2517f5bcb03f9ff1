import { LimitError } from "./errors";

/** What one evaluation may use. */
interface Limits {
  /** Operations of the interpreter and elements touched by built-ins. */
  steps: number;
  /** Characters and array slots made, weighted; about a byte each. */
  memory: number;
  /** Nested calls of functions. */
  depth: number;
  milliseconds: number;
}

/**
 * Steps come first, since they are the same on every machine; the clock is for work inside of built-ins, and generous,
 * for a machine that is busy with something else.
 */
export const LIMITS: Limits = { steps: 3_000_000, memory: 256_000_000, depth: 200, milliseconds: 1000 };

/** Bytes that one text or list may take. */
const MAX_AT_ONCE = 64_000_000;

/** Steps between two looks at the clock. */
const CLOCK_INTERVAL = 1024;

/**
 * What is left for the running evaluation. Evaluation is synchronous, so that one object for the process is enough;
 * `begin` gives back what was left of an outer evaluation.
 */
export const budget = { steps: 0, memory: 0, depth: 0, nextLook: 0, deadline: 0, milliseconds: 0 };

export function begin(limits: Limits = LIMITS, milliseconds = limits.milliseconds): void {
  budget.steps = limits.steps;
  budget.memory = limits.memory;
  budget.depth = limits.depth;
  budget.milliseconds = milliseconds;
  // The clock is first read after some work: most evaluations end before.
  budget.deadline = 0;
  budget.nextLook = limits.steps - CLOCK_INTERVAL;
}

/** What the evaluation that began last has used: steps, and milliseconds where it took enough of them for the clock to be read. */
export const used = (): { steps: number; milliseconds: number | null } => ({
  steps: LIMITS.steps - budget.steps,
  milliseconds: budget.deadline === 0 ? null : performance.now() - (budget.deadline - budget.milliseconds),
});

/** Counts `count` steps. Throws `LimitError` when steps or time are used up. */
export function step(count = 1): void {
  budget.steps -= count;
  if (budget.steps < budget.nextLook) look();
}

function look(): void {
  if (budget.steps < 0) throw new LimitError("The expression does too much work", { hint: "Use a Code node for heavy computations" });
  const now = performance.now();
  if (budget.deadline === 0) budget.deadline = now + budget.milliseconds;
  else if (now > budget.deadline) {
    // A visit's allowance may leave less than an evaluation has by itself.
    const most = budget.milliseconds < LIMITS.milliseconds ? "this node has left for its expressions" : `${LIMITS.milliseconds} ms`;
    throw new LimitError(`The expression takes longer than ${most}`, { hint: "Use a Code node for heavy computations" });
  }
  budget.nextLook = budget.steps - CLOCK_INTERVAL;
}

/** Counts memory before it is taken. Throws `LimitError` when there is too little left. */
export function allocate(bytes: number): void {
  // NaN must not pass.
  if (!(bytes <= budget.memory && bytes <= MAX_AT_ONCE)) throw new LimitError("The expression uses too much memory");
  if (bytes > 0) budget.memory -= bytes;
}

/** Characters of text that one step goes through. */
const TEXT_PER_STEP = 256;

/** Counts a look through text. */
export function stepText(length: number): void {
  step(1 + (length > TEXT_PER_STEP ? length / TEXT_PER_STEP : 0));
}

/** Counts a search of one text in another: at worst, long patterns cost the product of the lengths. */
export function stepSearch(text: number, pattern: number): void {
  stepText(pattern > 64 ? text * Math.min(pattern, 10_000) * 0.1 : text);
}

export function enter(): void {
  step();
  if (--budget.depth < 0) throw new LimitError("The expression calls functions too deeply");
}

export function leave(): void {
  budget.depth++;
}
