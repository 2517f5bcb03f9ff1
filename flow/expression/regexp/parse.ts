import { ScriptError } from "../errors";
import { BLANKS, type CharSet, complement, DIGITS, type RegExpNode, type RegExpTree, WORD } from "./syntax";

const MAX_DEPTH = 200;
const CONTROLS: Record<string, number> = { n: 10, r: 13, t: 9, v: 11, f: 12, "0": 0 };

/** Reads a JavaScript pattern. Throws a SyntaxError of the script for what is none. */
export function parsePattern(source: string, unicode: boolean): RegExpTree {
  return new PatternReader(source, unicode).read();
}

class PatternReader {
  private at = 0;
  private groups = 0;
  private depth = 0;
  private readonly names: Record<string, number> = Object.create(null) as Record<string, number>;
  private readonly namedBacks: { node: { type: "back"; index: number }; name: string }[] = [];
  private readonly total: number;

  constructor(
    private readonly source: string,
    private readonly unicode: boolean,
  ) {
    this.total = countGroups(source);
  }

  read(): RegExpTree {
    const node = this.choice();
    if (this.at < this.source.length) this.fail("Unmatched ')'");
    for (const { node: back, name } of this.namedBacks) {
      const index = this.names[name];
      if (index === undefined) this.fail("Invalid named reference");
      else back.index = index;
    }
    return { node, groups: this.groups, names: this.names };
  }

  private fail(reason: string): never {
    throw new ScriptError("SyntaxError", `Invalid regular expression: /${this.source}/: ${reason}`);
  }

  private eat(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private choice(): RegExpNode {
    if (++this.depth > MAX_DEPTH) this.fail("Nested too deeply");
    const options = [this.sequence()];
    while (this.eat("|")) options.push(this.sequence());
    this.depth--;
    return options.length === 1 ? (options[0] as RegExpNode) : { type: "choice", options };
  }

  private sequence(): RegExpNode {
    const nodes: RegExpNode[] = [];
    while (this.at < this.source.length && this.source[this.at] !== "|" && this.source[this.at] !== ")") nodes.push(this.term());
    return nodes.length === 1 ? (nodes[0] as RegExpNode) : { type: "sequence", nodes };
  }

  private term(): RegExpNode {
    const before = this.groups;
    const atom = this.atom();
    const [min, max] = this.quantifier() ?? [-1, -1];
    if (min < 0) return atom;
    if (atom.type === "start" || atom.type === "end" || atom.type === "word" || atom.type === "notWord") this.fail("Nothing to repeat");
    if (atom.type === "look" && (atom.behind || this.unicode)) this.fail("Invalid quantifier");
    const greedy = !this.eat("?");
    return { type: "repeat", node: atom, min, max, greedy, firstGroup: before + 1, lastGroup: this.groups };
  }

  private quantifier(): [number, number] | null {
    if (this.eat("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.eat("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.eat("?")) return [0, 1];
    const match = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.source.slice(this.at, this.at + 30));
    if (!match) return null;
    this.at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === "" ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (max < min) this.fail("Numbers out of order in {} quantifier");
    return [min, max];
  }

  private atom(): RegExpNode {
    const char = this.source[this.at];
    if (char === "(") return this.group();
    if (char === "[") return this.set();
    if (char === "\\") return this.escape();
    if (char === "*" || char === "+" || char === "?") this.fail("Nothing to repeat");
    if (char === "{" && (this.unicode || /^\{\d+(,\d*)?\}/.test(this.source.slice(this.at, this.at + 30)))) this.fail("Nothing to repeat");
    if (this.unicode && (char === "}" || char === "]")) this.fail("Lone quantifier brackets");
    this.at++;
    if (char === "^") return { type: "start" };
    if (char === "$") return { type: "end" };
    if (char === ".") return { type: "any" };
    this.at--;
    return { type: "char", code: this.character() };
  }

  private character(): number {
    const code = this.unicode ? (this.source.codePointAt(this.at) as number) : this.source.charCodeAt(this.at);
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  private group(): RegExpNode {
    this.at++;
    let make: (node: RegExpNode) => RegExpNode;
    if (this.eat("?:")) make = (node) => ({ type: "group", node, index: null });
    else if (this.eat("?=")) make = (node) => ({ type: "look", node, behind: false, negative: false });
    else if (this.eat("?!")) make = (node) => ({ type: "look", node, behind: false, negative: true });
    else if (this.eat("?<=")) make = (node) => ({ type: "look", node, behind: true, negative: false });
    else if (this.eat("?<!")) make = (node) => ({ type: "look", node, behind: true, negative: true });
    else {
      const index = ++this.groups;
      if (this.eat("?<")) this.names[this.groupName()] = index;
      else if (this.source[this.at] === "?") this.fail("Invalid group");
      make = (node) => ({ type: "group", node, index });
    }
    const node = this.choice();
    if (!this.eat(")")) this.fail("Unterminated group");
    return make(node);
  }

  private groupName(): string {
    const end = this.source.indexOf(">", this.at);
    const name = end < 0 ? "" : this.source.slice(this.at, end);
    if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) this.fail("Invalid capture group name");
    if (name in this.names) this.fail("Duplicate capture group name");
    if (name === "__proto__") this.fail("Invalid capture group name");
    this.at = end + 1;
    return name;
  }

  private escape(): RegExpNode {
    this.at++;
    const char = this.source[this.at];
    if (char === undefined) this.fail("\\ at end of pattern");
    if (char === "b" || char === "B") {
      this.at++;
      return { type: char === "b" ? "word" : "notWord" };
    }
    if (char === "k" && (this.unicode || /\(\?<[^=!]/.test(this.source))) {
      this.at++;
      if (!this.eat("<")) this.fail("Invalid named reference");
      const end = this.source.indexOf(">", this.at);
      if (end < 0) this.fail("Invalid named reference");
      const node = { type: "back" as const, index: 0 };
      this.namedBacks.push({ node, name: this.source.slice(this.at, end) });
      this.at = end + 1;
      return node;
    }
    const digits = /^[1-9]\d*/.exec(this.source.slice(this.at, this.at + 4))?.[0];
    if (digits !== undefined && Number(digits) <= this.total) {
      this.at += digits.length;
      return { type: "back", index: Number(digits) };
    }
    const set = this.classEscape();
    return set ?? { type: "char", code: this.characterEscape() };
  }

  /** `\d`, `\w`, `\s`, `\p{…}` and their opposites; the position is after the backslash. */
  private classEscape(): CharSet | null {
    const char = this.source[this.at] ?? "";
    const ranges = { d: DIGITS, w: WORD, s: BLANKS }[char.toLowerCase()];
    if (ranges) {
      this.at++;
      return { type: "set", ranges: char === char.toLowerCase() ? ranges : complement(ranges), properties: [], negative: false };
    }
    if (this.unicode && (char === "p" || char === "P")) {
      const match = /^[pP]\{([\w=]+)\}/.exec(this.source.slice(this.at, this.at + 60));
      if (!match) this.fail("Invalid property name");
      const name = (match as RegExpExecArray)[1] as string;
      try {
        new RegExp(`\\p{${name}}`, "u");
      } catch {
        this.fail("Invalid property name");
      }
      this.at += (match as RegExpExecArray)[0].length;
      return { type: "set", ranges: [], properties: [{ name, negative: char === "P" }], negative: false };
    }
    return null;
  }

  private characterEscape(): number {
    const rest = this.source.slice(this.at, this.at + 12);
    const hex =
      /^x([\da-fA-F]{2})/.exec(rest) ?? /^u([\da-fA-F]{4})/.exec(rest) ?? (this.unicode ? /^u\{([\da-fA-F]{1,6})\}/.exec(rest) : null);
    if (hex) {
      this.at += hex[0].length;
      const code = Number.parseInt(hex[1] as string, 16);
      if (code > 0x10ffff) this.fail("Invalid Unicode escape");
      const low =
        this.unicode && code >= 0xd800 && code < 0xdc00 ? /^\\u(d[c-f][\da-f]{2})/i.exec(this.source.slice(this.at, this.at + 6)) : null;
      if (!low) return code;
      this.at += 6;
      return 0x10000 + ((code - 0xd800) << 10) + (Number.parseInt(low[1] as string, 16) - 0xdc00);
    }
    const control = /^c([a-zA-Z])/.exec(rest);
    if (control) {
      this.at += 2;
      return (control[1] as string).charCodeAt(0) % 32;
    }
    const octal = this.unicode ? null : /^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(rest);
    if (octal) {
      this.at += octal[0].length;
      return Number.parseInt(octal[0], 8);
    }
    const char = rest[0] as string;
    if (char === "c") return 92;
    if (char in CONTROLS && !(char === "0" && /^0\d/.test(rest))) {
      this.at++;
      return CONTROLS[char] as number;
    }
    if (this.unicode && !/[\^$\\.*+?()[\]{}|/-]/.test(char)) this.fail("Invalid escape");
    return this.character();
  }

  private set(): RegExpNode {
    this.at++;
    const set: CharSet = { type: "set", ranges: [], properties: [], negative: this.eat("^") };
    while (!this.eat("]")) {
      if (this.at >= this.source.length) this.fail("Unterminated character class");
      const from = this.setMember();
      if (this.source[this.at] === "-" && this.source[this.at + 1] !== "]" && this.at + 1 < this.source.length) {
        this.at++;
        const to = this.setMember();
        if (typeof from === "number" && typeof to === "number") {
          if (to < from) this.fail("Range out of order in character class");
          set.ranges.push([from, to]);
          continue;
        }
        if (this.unicode) this.fail("Invalid character class");
        for (const member of [from, 45, to]) add(set, member);
        continue;
      }
      add(set, from);
    }
    return set;
  }

  private setMember(): number | CharSet {
    if (this.source[this.at] !== "\\") return this.character();
    this.at++;
    if (this.at >= this.source.length) this.fail("\\ at end of pattern");
    if (this.eat("b")) return 8;
    return this.classEscape() ?? this.characterEscape();
  }
}

function add(set: CharSet, member: number | CharSet): void {
  if (typeof member === "number") set.ranges.push([member, member]);
  else {
    set.ranges.push(...member.ranges);
    set.properties.push(...member.properties);
  }
}

/** Capturing groups of a pattern, before it is read: `\2` means a reference only when there are two. */
function countGroups(source: string): number {
  let count = 0;
  let inSet = false;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === "\\") at++;
    else if (char === "[") inSet = true;
    else if (char === "]") inSet = false;
    else if (char === "(" && !inSet && (source[at + 1] !== "?" || /^\?<[^=!]/.test(source.slice(at + 1, at + 4)))) count++;
  }
  return count;
}
