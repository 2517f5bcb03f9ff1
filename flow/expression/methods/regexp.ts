import { allocate, step, stepSearch } from "../budget";
import { typeError } from "../errors";
import { compilePattern } from "../regexp/pattern";
import { GuestIterator, GuestRegExp, isFunction, toText } from "../values";
import { callFunction, type Method, table } from "./table";

/** `new RegExp(source, flags)`. */
export function makeRegExp(source: unknown, flags: unknown): GuestRegExp {
  const text = source instanceof GuestRegExp ? source.source : source === undefined ? "" : toText(source);
  const flagText = flags === undefined ? (source instanceof GuestRegExp ? source.flags : "") : toText(flags);
  return new GuestRegExp(text === "" ? "(?:)" : text, flagText, compilePattern(text, flagText));
}

/** Start and end of the groups of one match by turns, -1 for none. */
type Captures = readonly number[];

function* matches(regexp: GuestRegExp, text: string): Generator<Captures> {
  const sticky = regexp.flags.includes("y");
  let from = 0;
  while (from <= text.length) {
    step();
    const captures = regexp.pattern.exec(text, from, sticky);
    if (!captures) return;
    yield captures;
    if (!regexp.global) return;
    const [start, end] = captures as [number, number];
    from = end > start ? end : advance(text, end, regexp.flags);
  }
}

/** After an empty match the search goes on one character later. */
const advance = (text: string, at: number, flags: string) => at + (/[uv]/.test(flags) && (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

const group = (text: string, captures: Captures, index: number): string | undefined => {
  const start = captures[index * 2] ?? -1;
  return start < 0 ? undefined : text.slice(start, captures[index * 2 + 1]);
};

function groupsOf(regexp: GuestRegExp, text: string, captures: Captures): Record<string, unknown> | undefined {
  const names = Object.entries(regexp.pattern.names);
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map(([name, index]) => [name, group(text, captures, index)]));
}

/** The array that `exec` and `match` give: groups, with `index`, `input` and `groups` beside them. */
function matchArray(regexp: GuestRegExp, text: string, captures: Captures): unknown[] {
  const result: unknown[] = [];
  for (let index = 0; index <= regexp.pattern.groups; index++) result.push(group(text, captures, index));
  allocate(result.length * 8);
  const extras = { index: captures[0], input: text, groups: groupsOf(regexp, text, captures) };
  for (const [key, value] of Object.entries(extras)) Object.defineProperty(result, key, { value, enumerable: false, writable: true });
  return result;
}

function exec(regexp: GuestRegExp, text: string): unknown[] | null {
  const sticky = regexp.flags.includes("y");
  const stateful = regexp.global || sticky;
  const from = stateful ? regexp.lastIndex : 0;
  const captures = from > text.length || from < 0 ? null : regexp.pattern.exec(text, from, sticky);
  if (stateful) regexp.lastIndex = captures ? (captures[1] as number) : 0;
  return captures && matchArray(regexp, text, captures);
}

export const regexpMethods = table<GuestRegExp>({
  test: (self, [text]) => exec(self, toText(text)) !== null,
  exec: (self, [text]) => exec(self, toText(text)),
  toString: (self: GuestRegExp) => self.toString(),
});

export function regexpProperty(regexp: GuestRegExp, key: string): unknown {
  switch (key) {
    case "source":
      return regexp.source;
    case "flags":
      return [...regexp.flags].sort().join("");
    case "lastIndex":
      return regexp.lastIndex;
    case "global":
      return regexp.global;
    case "ignoreCase":
      return regexp.flags.includes("i");
    case "multiline":
      return regexp.flags.includes("m");
    case "sticky":
      return regexp.flags.includes("y");
    case "unicode":
      return regexp.flags.includes("u");
    case "dotAll":
      return regexp.flags.includes("s");
    default:
      return undefined;
  }
}

const asRegExp = (value: unknown, flags = "") => (value instanceof GuestRegExp ? value : makeRegExp(value, flags));

const match: Method<string> = (text, [pattern]) => {
  const regexp = asRegExp(pattern);
  if (!regexp.global) return exec(regexp, text);
  const found: string[] = [];
  for (const captures of matches(regexp, text)) {
    allocate(8);
    found.push(text.slice(captures[0], captures[1]));
  }
  return found.length > 0 ? found : null;
};

const matchAll: Method<string> = (text, [pattern]) => {
  const regexp = asRegExp(pattern, "g");
  if (!regexp.global) throw typeError("String.prototype.matchAll called with a non-global RegExp argument");
  const found: unknown[] = [];
  for (const captures of matches(regexp, text)) found.push(matchArray(regexp, text, captures));
  return new GuestIterator(found);
};

const search: Method<string> = (text, [pattern]) => asRegExp(pattern).pattern.exec(text, 0, false)?.[0] ?? -1;

const split: Method<string> = (text, [separator, limitArgument]) => {
  const limit = limitArgument === undefined ? 2 ** 32 - 1 : Number(limitArgument) >>> 0;
  if (!(separator instanceof GuestRegExp)) {
    const separatorText = separator === undefined ? undefined : toText(separator);
    allocate(text.length * (separatorText === "" ? 16 : 2));
    stepSearch(text.length, separatorText?.length ?? 0);
    return separatorText === undefined ? (limit === 0 ? [] : [text]) : text.split(separatorText, limit);
  }
  if (limit === 0) return [];
  if (text === "") return separator.pattern.exec(text, 0, true) ? [] : [text];
  const parts: (string | undefined)[] = [];
  let partStart = 0;
  let from = 0;
  while (from < text.length) {
    step();
    const captures = separator.pattern.exec(text, from, false);
    if (!captures || (captures[0] as number) >= text.length) break;
    const [start, end] = captures as [number, number];
    // An empty match at the start of a part splits nothing.
    if (end === partStart) {
      from = start + 1;
      continue;
    }
    parts.push(text.slice(partStart, start));
    for (let index = 1; index <= separator.pattern.groups; index++) parts.push(group(text, captures, index));
    allocate(16);
    if (parts.length >= limit) return parts.slice(0, limit);
    partStart = end;
    from = end;
  }
  parts.push(text.slice(partStart));
  return parts;
};

/** The replacement for one match. */
type Replacer = (text: string, captures: Captures, regexp: GuestRegExp | null) => string;

function replacer(value: unknown): Replacer {
  if (isFunction(value)) return (text, captures, regexp) => replaceByFunction(value, text, captures, regexp);
  const template = toText(value);
  if (!template.includes("$")) return () => template;
  return (text, captures, regexp) => expand(template, text, captures, regexp);
}

function replaceByFunction(value: unknown, text: string, captures: Captures, regexp: GuestRegExp | null): string {
  const args: unknown[] = [];
  for (let index = 0; index < captures.length / 2; index++) args.push(group(text, captures, index));
  args.push(captures[0], text);
  const groups = regexp && groupsOf(regexp, text, captures);
  if (groups) args.push(groups);
  return toText(callFunction(value, args));
}

function expand(template: string, text: string, captures: Captures, regexp: GuestRegExp | null): string {
  const count = captures.length / 2 - 1;
  return template.replace(/\$(?:\$|&|`|'|(\d{1,2})|<([^>]*)>)/g, (whole, digits: string | undefined, name: string | undefined) => {
    if (whole === "$$") return "$";
    if (whole === "$&") return text.slice(captures[0], captures[1]);
    if (whole === "$`") return text.slice(0, captures[0]);
    if (whole === "$'") return text.slice(captures[1]);
    if (digits !== undefined) {
      const two = Number(digits);
      if (two >= 1 && two <= count) return group(text, captures, two) ?? "";
      const one = Number(digits[0]);
      return digits.length === 2 && one >= 1 && one <= count ? (group(text, captures, one) ?? "") + digits[1] : whole;
    }
    const names = regexp?.pattern.names;
    if (!names || Object.keys(names).length === 0) return whole;
    const index = names[name ?? ""];
    return index === undefined ? "" : (group(text, captures, index) ?? "");
  });
}

function replaceWith(text: string, found: Iterable<Captures>, regexp: GuestRegExp | null, replacement: Replacer): string {
  const parts: string[] = [];
  let last = 0;
  for (const captures of found) {
    step();
    const made = replacement(text, captures, regexp);
    const kept = text.slice(last, captures[0]);
    allocate(made.length + kept.length + 16);
    parts.push(kept, made);
    last = captures[1] as number;
  }
  allocate(text.length - last);
  parts.push(text.slice(last));
  return parts.join("");
}

function* plainMatches(text: string, pattern: string, all: boolean): Generator<Captures> {
  let from = 0;
  stepSearch(text.length, pattern.length);
  while (from <= text.length) {
    const at = text.indexOf(pattern, from);
    if (at < 0) return;
    yield [at, at + pattern.length];
    if (!all) return;
    from = at + Math.max(pattern.length, 1);
  }
}

const replace =
  (all: boolean): Method<string> =>
  (text, [pattern, replacement]) => {
    const make = replacer(replacement);
    if (!(pattern instanceof GuestRegExp)) return replaceWith(text, plainMatches(text, toText(pattern), all), null, make);
    if (all && !pattern.global) throw typeError("String.prototype.replaceAll called with a non-global RegExp argument");
    return replaceWith(text, matches(pattern, text), pattern, make);
  };

/** Methods of strings that take a pattern. */
export const patternMethods: Record<string, Method<string>> = {
  match,
  matchAll,
  search,
  split,
  replace: replace(false),
  replaceAll: replace(true),
};
