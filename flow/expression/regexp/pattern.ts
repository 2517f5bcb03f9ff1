import type { RE2JS } from "re2js";
import { budget, step } from "../budget";
import { LimitError, ScriptError } from "../errors";
import { Backtracker, type Captures } from "./backtrack";
import { compileLinear } from "./linear";
import { parsePattern } from "./parse";

const MAX_SOURCE_LENGTH = 2000;
const MAX_CACHED = 1000;
/** Characters of input times size of the program that one search may take: about a second at worst. */
const MAX_WORK = 100_000_000;
/** Characters searched between two looks at the clock. */
const LOOK_EVERY = 500_000;

/** A compiled regular expression, whatever engine runs it. Keeps no state between searches that a caller could see. */
export interface Pattern {
  /** Names of the named groups with their indexes. */
  readonly names: Record<string, number>;
  readonly groups: number;
  /** The first match at or after `from` (at `from` exactly when sticky), or null. Throws `LimitError`. */
  exec(input: string, from: number, sticky: boolean): Captures | null;
}

const cache = new Map<string, Pattern>();

/** Compiles a pattern with JavaScript's syntax and flags. Throws a SyntaxError of the script. */
export function compilePattern(source: string, flags: string): Pattern {
  const key = `${flags}/${source}`;
  const known = cache.get(key);
  if (known) return known;
  if (!/^[dgimsuvy]*$/.test(flags) || new Set(flags).size !== flags.length || (flags.includes("u") && flags.includes("v"))) {
    throw new ScriptError("SyntaxError", `Invalid regular expression flags "${flags}"`);
  }
  if (source.length > MAX_SOURCE_LENGTH) throw new LimitError(`A regular expression is longer than ${MAX_SOURCE_LENGTH} characters`);
  step(source.length);
  const tree = parsePattern(source, flags.includes("u") || flags.includes("v"));
  const linear = compileLinear(tree, flags);
  const pattern: Pattern = linear
    ? new LinearPattern(linear, tree.names, tree.groups)
    : new BacktrackingPattern(new Backtracker(tree, flags), tree.names, tree.groups);
  const oldest = cache.size >= MAX_CACHED ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(key, pattern);
  return pattern;
}

class LinearPattern implements Pattern {
  private readonly size: number;
  private unlooked = 0;

  constructor(
    private readonly engine: RE2JS,
    readonly names: Record<string, number>,
    readonly groups: number,
  ) {
    this.size = engine.programSize();
  }

  exec(input: string, from: number, sticky: boolean): Captures | null {
    const length = input.length - from;
    if (length < 0) return null;
    if (length * this.size > MAX_WORK) throw new LimitError("The text is too long for this regular expression");
    step(1 + (this.size >> 6));
    this.unlooked += length;
    if (this.unlooked > LOOK_EVERY) {
      this.unlooked = 0;
      budget.nextLook = budget.steps;
      step();
    }
    const matcher = this.engine.matcher(input);
    if (!matcher.find(from)) return null;
    const start = matcher.start();
    if (sticky && start !== from) return null;
    step((matcher.end() - from) >> 4);
    const captures: Captures = [start, matcher.end()];
    for (let group = 1; group <= this.groups; group++) captures.push(matcher.start(group), matcher.end(group));
    return captures;
  }
}

class BacktrackingPattern implements Pattern {
  constructor(
    private readonly engine: Backtracker,
    readonly names: Record<string, number>,
    readonly groups: number,
  ) {}

  exec(input: string, from: number, sticky: boolean): Captures | null {
    try {
      return this.engine.exec(input, from, sticky);
    } catch (error) {
      if (error instanceof RangeError) throw new LimitError("A regular expression is too complex for its text");
      throw error;
    }
  }
}
