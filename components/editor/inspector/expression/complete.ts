import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Json } from "@/flow/item";
import type { Completions } from "../form-context";
import { accessor } from "../paths";
import { sourceBefore } from "./template-parts";

const ROOTS: Completion[] = [
  { label: "$json", detail: "data of the current item", boost: 3 },
  { label: "$input", detail: "all input items" },
  { label: "$now", detail: "current date and time" },
  { label: "$today", detail: "midnight today" },
  { label: "$execution.id", detail: "this execution" },
  { label: "$workflow.name", detail: "this flow" },
  { label: "$itemIndex", detail: "index of the current item" },
  { label: "$runIndex", detail: "index of this run" },
  { label: "$vars", detail: "organization variables" },
  { label: "variables", detail: "flow variables" },
];

const METHODS: Record<string, string[]> = {
  string: [
    "toUpperCase()",
    "toLowerCase()",
    "trim()",
    "split(',')",
    "replace('a', 'b')",
    "includes('')",
    "slice(0, 10)",
    "length",
    "toDateTime()",
  ],
  number: ["toFixed(2)", "round(2)", "floor()", "ceil()", "toString()"],
  array: ["length", "map(x => x)", "filter(x => x)", "join(', ')", "first()", "last()", "includes('')", "reduce((sum, x) => sum + x, 0)"],
};

function describe(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value === "object") return "object";
  const text = String(value);
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}

/** What a value may be followed by: its keys, or what can be done with its type. */
function membersOf(value: Json | undefined): Completion[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).map(([key, entry]) => ({
      label: accessor("", [key]).replace(/^\./, ""),
      detail: describe(entry),
      boost: 1,
      // A key that is no identifier takes the dot's place.
      apply: (view, _completion, from, to) => {
        const text = accessor("", [key]);
        const withDot = text.startsWith(".");
        view.dispatch({ changes: { from: withDot ? from : from - 1, to, insert: withDot ? text.slice(1) : text } });
      },
    }));
  }
  const kind = Array.isArray(value) ? "array" : typeof value;
  return (METHODS[kind] ?? []).map((label) => ({ label }));
}

/** Follows `.a["b"][0]` below a value. */
function follow(value: Json | undefined, trail: string): Json | undefined {
  let current = value;
  for (const match of trail.matchAll(/\??\.([\w$]+)|\[\s*(?:"([^"]*)"|'([^']*)'|(\d+))\s*\]/g)) {
    const key = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (key === undefined || typeof current !== "object" || current === null) return undefined;
    current = Array.isArray(current) ? current[Number(key)] : Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return current;
}

/** Suggestions inside of `{{ … }}`: what can stand first, nodes by name, and the data's own keys. */
export function completeTemplate(
  context: CompletionContext,
  { json, nodeNames, jsonOf, roots = {} }: Completions,
): CompletionResult | null {
  const source = sourceBefore(context.state.doc.toString(), context.pos);
  if (source === null) return null;

  const nodeName = /\$\(\s*(["'`])([^"'`]*)$/.exec(source);
  if (nodeName) {
    const typed = nodeName[2] ?? "";
    return { from: context.pos - typed.length, options: nodeNames.map((label) => ({ label })), validFor: /^[^"'`]*$/ };
  }
  const trail = String.raw`((?:\??\.[\w$]+|\[\s*(?:"[^"]*"|'[^']*'|\d+)\s*\])*)`;
  const ofItem = new RegExp(String.raw`\$json${trail}\.([\w$]*)$`).exec(source);
  if (ofItem) return members(context, follow(json, ofItem[1] ?? ""), ofItem[2] ?? "");
  const ofNode = new RegExp(String.raw`\$\(\s*["'\`]([^"'\`]*)["'\`]\s*\)\.(?:item|first\(\)|last\(\))\.json${trail}\.([\w$]*)$`).exec(
    source,
  );
  if (ofNode) return members(context, follow(jsonOf(ofNode[1] ?? ""), ofNode[2] ?? ""), ofNode[3] ?? "");
  const handle = /\$\(\s*["'`][^"'`]*["'`]\s*\)\.([\w$]*)$/.exec(source);
  if (handle) {
    const options = ["item.json", "first().json", "last().json", "all()", "isExecuted"].map((label) => ({ label }));
    return { from: context.pos - (handle[1] ?? "").length, options, validFor: /^[\w$]*$/ };
  }
  const word = /(?<![\w$.])([\w$]*)$/.exec(source);
  if (!word || (word[1] === "" && !context.explicit && source.trim() !== "")) return null;
  const own = Object.entries(roots).map(([label, detail]) => ({ label, detail, boost: 4 }));
  const nodes = nodeNames.map((name) => ({ label: `$(${JSON.stringify(name).replace(/^"|"$/g, "'")})`, detail: "data of this node" }));
  return { from: context.pos - (word[1] ?? "").length, options: [...own, ...ROOTS, ...nodes], validFor: /^[\w$]*$/ };
}

const members = (context: CompletionContext, value: Json | undefined, typed: string): CompletionResult => ({
  from: context.pos - typed.length,
  options: membersOf(value),
  validFor: /^[\w$]*$/,
});
