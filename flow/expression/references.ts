import type { AnyNode, Expression } from "acorn";
import { parse } from "acorn";
import { splitTemplate } from "./split";

/** What a template or a code text reads. */
export interface References {
  /** Names of nodes whose data it reads, each once, in the order of first use. */
  nodes: string[];
  /** A node name is computed, so that any node may be read. */
  dynamic: boolean;
  /** Free names it reads: `$json`, `$now`, `variables`, …; `$json` says that the current item matters. */
  reads: string[];
}

/** A spelled-out node name. Offsets are those of the literal (with its quotes) or the identifier. */
interface Mention {
  name: string;
  start: number;
  end: number;
  kind: "literal" | "property" | "shorthand";
}

interface Findings {
  mentions: Mention[];
  dynamic: boolean;
  reads: Set<string>;
}

/** Functions whose first argument is a node's name. */
const NAME_FUNCTIONS: ReadonlySet<string> = new Set(["$", "$items"]);
/** Objects whose keys are nodes' names. */
const NAME_OBJECTS: ReadonlySet<string> = new Set(["$node", "steps"]);

/** Which nodes and variables an expression template reads. A template with a syntax error, or a plain text, reads nothing. */
export function templateReferences(template: string): References {
  const findings: Findings = { mentions: [], dynamic: false, reads: new Set() };
  for (const { tree } of codeParts(template)) visit(tree, findings);
  return summary(findings);
}

/** The template with every spelled-out reference to node `from` made one to `to`; the rest stays as it was typed. */
export function renameNodeInTemplate(template: string, from: string, to: string): string {
  const findings: Findings = { mentions: [], dynamic: false, reads: new Set() };
  const mentions: Mention[] = [];
  for (const { tree, start } of codeParts(template)) {
    findings.mentions = [];
    visit(tree, findings);
    for (const mention of findings.mentions) mentions.push({ ...mention, start: mention.start + start, end: mention.end + start });
  }
  return rewrite(template, mentions, from, to);
}

/** Which nodes the JavaScript or TypeScript of a Code node reads. */
export function codeReferences(code: string): References {
  return summary(findInCode(code));
}

/** Whether a text looks like Python that reads nodes: `_("Name")`, `_node["Name"]`. */
export const mentionsNodesInPython = (code: string): boolean => /(?<![\w.])_(?:\(|node\s*\[)/.test(code);

/** Which nodes the Python of a Code node reads. */
export function pythonReferences(code: string): References {
  return summary(findInPython(code));
}

/** The code with every spelled-out reference to node `from` made one to `to`. */
export function renameNodeInCode(code: string, from: string, to: string): string {
  const renamed = rewrite(code, findInCode(code).mentions, from, to);
  return mentionsNodesInPython(renamed) ? rewrite(renamed, findInPython(renamed).mentions, from, to) : renamed;
}

function findInPython(code: string): Findings {
  const findings: Findings = { mentions: [], dynamic: false, reads: new Set() };
  for (const match of code.matchAll(/(?<![\w.])_(?:\(|node\s*\[)\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')?/g)) {
    const [whole, literal] = match;
    const end = match.index + whole.length;
    if (literal === undefined) findings.dynamic = true;
    else findings.mentions.push({ name: unquote(literal), start: end - literal.length, end, kind: "literal" });
  }
  return findings;
}

function codeParts(template: string): { tree: Expression; start: number }[] {
  if (!template.startsWith("=")) return [];
  try {
    return splitTemplate(template).flatMap((part) => (part.kind === "code" && part.tree ? [{ tree: part.tree, start: part.start }] : []));
  } catch {
    return [];
  }
}

function summary({ mentions, dynamic, reads }: Findings): References {
  return { nodes: [...new Set(mentions.map(({ name }) => name))], dynamic, reads: [...reads] };
}

function findInCode(code: string): Findings {
  const findings: Findings = { mentions: [], dynamic: false, reads: new Set() };
  try {
    const program = parse(code, {
      ecmaVersion: "latest",
      sourceType: "module",
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
    });
    visit(program, findings);
    return findings;
  } catch {
    return scan(code);
  }
}

/** For text that is no JavaScript (TypeScript, half-typed code): literals in the places where node names stand. */
function scan(code: string): Findings {
  const findings: Findings = { mentions: [], dynamic: false, reads: new Set() };
  const pattern =
    /(?<![\w$.])(\$|\$items|\$node|steps)\s*(?:\?\.)?\s*([([])\s*(?:("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)|([\w$]))/g;
  for (const match of code.matchAll(pattern)) {
    const [whole, callee = "", open = "", literal] = match;
    if ((open === "(") !== NAME_FUNCTIONS.has(callee)) continue;
    findings.reads.add(callee);
    if (literal === undefined) {
      findings.dynamic = true;
      continue;
    }
    const end = match.index + whole.length;
    findings.mentions.push({ name: unquote(literal), start: end - literal.length, end, kind: "literal" });
  }
  const dotted = /(?<![\w$.])(\$node|steps)\s*\??\.\s*([A-Za-z_$][\w$]*)/g;
  for (const match of code.matchAll(dotted)) {
    const name = match[2] ?? "";
    const end = match.index + match[0].length;
    findings.reads.add(match[1] ?? "");
    findings.mentions.push({ name, start: end - name.length, end, kind: "property" });
  }
  findings.mentions.sort((a, b) => a.start - b.start);
  return findings;
}

const unquote = (literal: string) =>
  literal.slice(1, -1).replace(/\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([\s\S]))/g, (_, brace, unicode, hex, char) => {
    const code = brace ?? unicode ?? hex;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return ({ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0", "\n": "" } as Record<string, string>)[char] ?? char;
  });

function visit(node: AnyNode, findings: Findings): void {
  inspect(node, findings);
  for (const [key, value] of Object.entries(node)) {
    // A plain property name or key is no variable.
    if (key === "property" && node.type === "MemberExpression" && !node.computed) continue;
    if (
      key === "key" &&
      (node.type === "Property" || node.type === "MethodDefinition" || node.type === "PropertyDefinition") &&
      !node.computed
    )
      continue;
    if (Array.isArray(value)) {
      for (const child of value) if (isNode(child)) visit(child, findings);
    } else if (isNode(value)) visit(value, findings);
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && typeof (value as AnyNode).type === "string";

function inspect(node: AnyNode, findings: Findings): void {
  if (node.type === "Identifier") findings.reads.add(node.name);
  if (node.type === "CallExpression" && node.callee.type === "Identifier" && NAME_FUNCTIONS.has(node.callee.name)) {
    const [argument] = node.arguments;
    if (argument) note(argument, findings);
  }
  if (node.type === "MemberExpression" && holdsNodes(node.object)) {
    if (node.computed) note(node.property, findings);
    else if (node.property.type === "Identifier") {
      const { name, start, end } = node.property;
      findings.mentions.push({ name, start, end, kind: "property" });
    }
  }
  // const { Fetch } = steps
  if (node.type === "VariableDeclarator" && node.init?.type === "Identifier" && NAME_OBJECTS.has(node.init.name))
    destructured(node.id, findings);
}

/** `$node`, `steps`, and the `$node` of another item: `$item(0).$node`. */
const holdsNodes = (object: AnyNode): boolean =>
  (object.type === "Identifier" && NAME_OBJECTS.has(object.name)) ||
  (object.type === "MemberExpression" && !object.computed && object.property.type === "Identifier" && object.property.name === "$node");

function destructured(pattern: AnyNode, findings: Findings): void {
  if (pattern.type !== "ObjectPattern") {
    findings.dynamic = true;
    return;
  }
  for (const property of pattern.properties) {
    if (property.type === "RestElement") findings.dynamic = true;
    else if (property.computed || property.key.type === "Literal") note(property.key, findings);
    else if (property.key.type === "Identifier") {
      const { name, start, end } = property.key;
      findings.mentions.push({ name, start, end, kind: property.shorthand ? "shorthand" : "property" });
    }
  }
}

function note(node: AnyNode, findings: Findings): void {
  const name = constantText(node);
  if (name === undefined) findings.dynamic = true;
  else findings.mentions.push({ name, start: node.start, end: node.end, kind: "literal" });
}

function constantText(node: AnyNode): string | undefined {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type === "TemplateLiteral" && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

function rewrite(text: string, mentions: Mention[], from: string, to: string): string {
  const found = mentions.filter(({ name }) => name === from).sort((a, b) => b.start - a.start);
  let result = text;
  const done = new Set<number>();
  for (const { start, end, kind } of found) {
    if (done.has(start)) continue;
    done.add(start);
    result = result.slice(0, start) + spelled(text, start, to, kind, from) + result.slice(end);
    // `$node.Old` becomes `$node["New name"]`: the dot before the name goes.
    if (kind === "property" && !isIdentifier(to)) result = dropDot(result, start);
  }
  return result;
}

const isIdentifier = (name: string) => /^[A-Za-z_$][\w$]*$/.test(name);

function spelled(text: string, start: number, name: string, kind: Mention["kind"], from: string): string {
  if (kind === "property") {
    if (isIdentifier(name)) return name;
    return /\.\s*$/.test(text.slice(0, start)) ? `[${quoted(name, '"')}]` : quoted(name, '"');
  }
  if (kind === "shorthand") return `${isIdentifier(name) ? name : quoted(name, '"')}: ${from}`;
  return quoted(name, text[start] ?? '"');
}

function dropDot(text: string, start: number): string {
  const before = text.slice(0, start);
  const dot = /(\?\.|\.)\s*$/.exec(before);
  if (!dot) return text;
  return before.slice(0, dot.index) + (dot[1] === "?." ? "?." : "") + text.slice(start);
}

function quoted(name: string, quote: string): string {
  const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029" };
  let body = "";
  for (const char of name) body += char === quote ? `\\${char}` : (escapes[char] ?? char);
  // `}}` in a name would end the part early where the code before it happens to be whole.
  if (quote === "`") body = body.replaceAll("${", "\\${");
  return quote + body + quote;
}
