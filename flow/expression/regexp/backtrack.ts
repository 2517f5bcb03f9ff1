import { step } from "../budget";
import { type CharSet, LINE_ENDS, type RegExpNode, type RegExpTree, WORD } from "./syntax";

/** Where the groups are: start and end by turns, group 0 first, -1 for a group that took no part. */
export type Captures = number[];
type Next = (at: number) => boolean;
type Matcher = (at: number, next: Next) => boolean;
type CharTest = (code: number) => boolean;

/**
 * A matcher that tries alternatives one after the other, for what a linear-time engine cannot do. Each try costs a step
 * of the budget, so that a pattern that explodes ends in a `LimitError`.
 */
export class Backtracker {
  private input = "";
  private captures: Captures = [];
  private readonly match: Matcher;
  private readonly unicode: boolean;
  private readonly ignoreCase: boolean;

  constructor(
    private readonly tree: RegExpTree,
    private readonly flags: string,
  ) {
    this.unicode = flags.includes("u") || flags.includes("v");
    this.ignoreCase = flags.includes("i");
    this.match = this.compile(tree.node);
  }

  exec(input: string, from: number, sticky: boolean): Captures | null {
    this.input = input;
    for (let start = from; start <= input.length; start++) {
      this.captures = new Array<number>((this.tree.groups + 1) * 2).fill(-1);
      let end = -1;
      step();
      const found = this.match(start, (at) => {
        end = at;
        return true;
      });
      if (found) {
        this.captures[0] = start;
        this.captures[1] = end;
        return this.captures;
      }
      if (sticky) return null;
    }
    return null;
  }

  private compile(node: RegExpNode): Matcher {
    switch (node.type) {
      case "char":
      case "any":
      case "set":
        return this.single(node);
      case "sequence": {
        const parts = node.nodes.map((child) => this.compile(child));
        const run = (index: number, at: number, next: Next): boolean => {
          const part = parts[index];
          return part ? part(at, (after) => run(index + 1, after, next)) : next(at);
        };
        return (at, next) => run(0, at, next);
      }
      case "choice": {
        const options = node.options.map((child) => this.compile(child));
        return (at, next) => options.some((option) => option(at, next));
      }
      case "group":
        return this.group(this.compile(node.node), node.index);
      case "repeat":
        return this.repeat(node);
      case "look":
        return node.behind ? this.lookBehind(node) : this.lookAhead(node);
      case "back":
        return (at, next) => this.back(node.index, at, next);
      default:
        return this.assertion(node.type);
    }
  }

  private assertion(type: "start" | "end" | "word" | "notWord"): Matcher {
    const multiline = this.flags.includes("m");
    const isLineEnd = (at: number) => within(LINE_ENDS, this.input.charCodeAt(at));
    const isWord = (at: number) => at >= 0 && at < this.input.length && within(WORD, this.input.charCodeAt(at));
    const holds = {
      start: (at: number) => at === 0 || (multiline && isLineEnd(at - 1)),
      end: (at: number) => at === this.input.length || (multiline && isLineEnd(at)),
      word: (at: number) => isWord(at - 1) !== isWord(at),
      notWord: (at: number) => isWord(at - 1) === isWord(at),
    }[type];
    return (at, next) => holds(at) && next(at);
  }

  /** The end of the character at `at` that passes, or -1. */
  private advance(test: CharTest, at: number): number {
    step();
    if (at >= this.input.length) return -1;
    const code = this.unicode ? (this.input.codePointAt(at) as number) : this.input.charCodeAt(at);
    return test(code) ? at + (code > 0xffff ? 2 : 1) : -1;
  }

  private single(node: RegExpNode): Matcher {
    const test = this.charTest(node);
    return (at, next) => {
      const end = this.advance(test, at);
      return end >= 0 && next(end);
    };
  }

  private charTest(node: RegExpNode): CharTest {
    if (node.type === "any") return this.flags.includes("s") ? () => true : (code) => !within(LINE_ENDS, code);
    const plain = node.type === "char" ? (code: number) => code === node.code : setTest(node as CharSet);
    const positive: CharTest = this.ignoreCase ? (code) => caseForms(code).some(plain) : plain;
    return node.type === "set" && node.negative ? (code) => !positive(code) : positive;
  }

  private group(inner: Matcher, index: number | null): Matcher {
    if (index === null) return inner;
    return (at, next) => {
      const { captures } = this;
      const [start, end] = [captures[index * 2] as number, captures[index * 2 + 1] as number];
      const found = inner(at, (after) => {
        const [innerStart, innerEnd] = [captures[index * 2] as number, captures[index * 2 + 1] as number];
        captures[index * 2] = at;
        captures[index * 2 + 1] = after;
        if (next(after)) return true;
        captures[index * 2] = innerStart;
        captures[index * 2 + 1] = innerEnd;
        return false;
      });
      if (!found) {
        captures[index * 2] = start;
        captures[index * 2 + 1] = end;
      }
      return found;
    };
  }

  private repeat(node: Extract<RegExpNode, { type: "repeat" }>): Matcher {
    const { min, max, greedy } = node;
    if (node.node.type === "char" || node.node.type === "any" || node.node.type === "set") return this.repeatSingle(node);
    const inner = this.compile(node.node);
    const round = (count: number, at: number, next: Next): boolean => {
      step();
      const again = (): boolean => {
        if (count >= max) return false;
        const saved = this.clearGroups(node.firstGroup, node.lastGroup);
        // A round that takes nothing would go on for ever.
        if (inner(at, (after) => (after === at && count >= min ? false : round(count + 1, after, next)))) return true;
        this.restoreGroups(node.firstGroup, saved);
        return false;
      };
      if (count < min) return again();
      return greedy ? again() || next(at) : next(at) || again();
    };
    return (at, next) => round(0, at, next);
  }

  private clearGroups(first: number, last: number): number[] {
    if (last < first) return [];
    const saved = this.captures.slice(first * 2, last * 2 + 2);
    this.captures.fill(-1, first * 2, last * 2 + 2);
    return saved;
  }

  private restoreGroups(first: number, saved: number[]): void {
    for (const [offset, value] of saved.entries()) this.captures[first * 2 + offset] = value;
  }

  /** A loop over one character needs no recursion. */
  private repeatSingle({ node, min, max, greedy }: Extract<RegExpNode, { type: "repeat" }>): Matcher {
    const test = this.charTest(node);
    return (at, next) => {
      const ends = [at];
      let last = at;
      const more = (): boolean => {
        if (ends.length > max) return false;
        const end = this.advance(test, last);
        if (end < 0) return false;
        last = end;
        ends.push(end);
        return true;
      };
      while (ends.length <= min) if (!more()) return false;
      if (!greedy) {
        do {
          step();
          if (next(last)) return true;
        } while (more());
        return false;
      }
      while (more());
      for (let count = ends.length - 1; count >= min; count--) {
        step();
        if (next(ends[count] as number)) return true;
      }
      return false;
    };
  }

  private lookAhead({ node, negative }: Extract<RegExpNode, { type: "look" }>): Matcher {
    const inner = this.compile(node);
    return (at, next) => {
      const saved = this.captures.slice();
      const found = inner(at, () => true);
      if (found !== negative && next(at)) return true;
      this.captures.splice(0, saved.length, ...saved);
      return false;
    };
  }

  private lookBehind({ node, negative }: Extract<RegExpNode, { type: "look" }>): Matcher {
    const inner = this.compile(node);
    const [shortest, longest] = width(node);
    return (at, next) => {
      const saved = this.captures.slice();
      let found = false;
      for (let start = at - shortest; start >= 0 && start >= at - longest && !found; start--) {
        step();
        found = inner(start, (end) => end === at);
      }
      if (found !== negative && next(at)) return true;
      this.captures.splice(0, saved.length, ...saved);
      return false;
    };
  }

  private back(index: number, at: number, next: Next): boolean {
    const [start, end] = [this.captures[index * 2] as number, this.captures[index * 2 + 1] as number];
    if (start < 0) return next(at);
    const length = end - start;
    step(1 + (length >> 4));
    const expected = this.input.slice(start, end);
    const actual = this.input.slice(at, at + length);
    const same = this.ignoreCase ? expected.toUpperCase() === actual.toUpperCase() : expected === actual;
    return same && next(at + length);
  }
}

const within = (ranges: [number, number][], code: number) => ranges.some(([from, to]) => code >= from && code <= to);

function setTest(set: CharSet): CharTest {
  const properties = set.properties.map(({ name, negative }) => ({ pattern: new RegExp(`^\\p{${name}}$`, "u"), negative }));
  return (code) =>
    within(set.ranges, code) || properties.some(({ pattern, negative }) => pattern.test(String.fromCodePoint(code)) !== negative);
}

function caseForms(code: number): number[] {
  const char = String.fromCodePoint(code);
  const forms = [code];
  for (const form of [char.toLowerCase(), char.toUpperCase()]) {
    const other = form.codePointAt(0) as number;
    // Letters of ASCII never fold to others (as "ſ" to "S").
    if (form.length === char.length && other < 128 === code < 128) forms.push(other);
  }
  return forms;
}

/** Shortest and longest text that a node can take, in code units. */
function width(node: RegExpNode): [number, number] {
  switch (node.type) {
    case "char":
    case "any":
    case "set":
      return [1, 2];
    case "sequence":
      return node.nodes.map(width).reduce(([min, max], [a, b]) => [min + a, max + b], [0, 0]);
    case "choice": {
      const widths = node.options.map(width);
      return [Math.min(...widths.map(([min]) => min)), Math.max(...widths.map(([, max]) => max))];
    }
    case "group":
      return width(node.node);
    case "repeat": {
      const [min, max] = width(node.node);
      return [min * node.min, max === 0 ? 0 : max * node.max];
    }
    case "back":
      return [0, Number.POSITIVE_INFINITY];
    default:
      return [0, 0];
  }
}
