import { RE2JS } from "re2js";
import { type CharSet, LINE_ENDS, type RegExpNode, type RegExpTree } from "./syntax";

/**
 * The pattern in RE2's syntax, or null when it needs what a linear-time engine has not: look-around, references, lines
 * that end as JavaScript's do, or groups that a later round of a loop clears.
 */
export function compileLinear(tree: RegExpTree, flags: string): RE2JS | null {
  if (!isRegular(tree.node, flags.includes("m"), false, false)) return null;
  try {
    return RE2JS.compile(write(tree.node, flags.includes("s")), flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    // Too big, or a Unicode property that RE2 does not know.
    return null;
  }
}

function isRegular(node: RegExpNode, multiline: boolean, inLoop: boolean, optional: boolean): boolean {
  switch (node.type) {
    case "look":
    case "back":
      return false;
    case "start":
    case "end":
      return !multiline;
    case "sequence":
      return node.nodes.every((child) => isRegular(child, multiline, inLoop, optional));
    case "choice":
      return node.options.every((child) => isRegular(child, multiline, inLoop, inLoop));
    case "group":
      return !(optional && node.index !== null) && isRegular(node.node, multiline, inLoop, optional);
    case "repeat":
      return isRegular(node.node, multiline, inLoop || node.max > 1, optional || (inLoop && node.min === 0));
    default:
      return true;
  }
}

function write(node: RegExpNode, dotAll: boolean): string {
  switch (node.type) {
    case "char":
      return hex(node.code);
    case "any":
      return dotAll ? "(?s:.)" : `[^${ranges(LINE_ENDS)}]`;
    case "set":
      return writeSet(node);
    case "sequence":
      return node.nodes.map((child) => write(child, dotAll)).join("");
    case "choice":
      return `(?:${node.options.map((child) => write(child, dotAll)).join("|")})`;
    case "group":
      return `(${node.index === null ? "?:" : ""}${write(node.node, dotAll)})`;
    case "repeat": {
      const count = `{${node.min},${node.max === Number.POSITIVE_INFINITY ? "" : node.max}}`;
      return `(?:${write(node.node, dotAll)})${count}${node.greedy ? "" : "?"}`;
    }
    case "start":
      return "\\A";
    case "end":
      return "\\z";
    case "word":
      return "\\b";
    case "notWord":
      return "\\B";
    default:
      throw new Error(`${node.type} is not regular`);
  }
}

const hex = (code: number) => `\\x{${code.toString(16)}}`;
const ranges = (list: [number, number][]) => list.map(([from, to]) => `${hex(from)}-${hex(to)}`).join("");

function writeSet(set: CharSet): string {
  const body = ranges(set.ranges) + set.properties.map(({ name, negative }) => `\\${negative ? "P" : "p"}{${name}}`).join("");
  if (body === "") return set.negative ? "(?s:.)" : "[^\\x{0}-\\x{10FFFF}]";
  return `[${set.negative ? "^" : ""}${body}]`;
}
