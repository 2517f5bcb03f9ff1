import type { Json, JsonObject } from "../item";
import type { ImportIssue } from "./report";
import type { N8nNode } from "./schema";

/** What a mapping makes of a node. */
export interface Mapped {
  type: string;
  /** Of the parameters' shape; default 1. */
  version?: number;
  parameters: JsonObject;
  /** Our input handles by n8n's index; default `main`. */
  inputs?: readonly string[];
  /** Our output handles by n8n's index, without the error output; default `main`. */
  outputs?: readonly string[];
  /** n8n's credential types by the slots of ours that they fill. */
  credentials?: Readonly<Record<string, string>>;
  /** It has no counterpart; only a mapping that finds this out by a parameter sets it. */
  placeholder?: string;
}

export type NodeMapping = (source: Source) => Mapped;

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const isExpression = (value: unknown): value is `=${string}` => typeof value === "string" && value.startsWith("=");

/**
 * What a text stands for where a fixed value is needed: an expression without a part to evaluate is its text, and one that is
 * a single number, truth value or quoted text is that.
 */
function constant(value: Json | undefined): Json | undefined {
  if (!isExpression(value)) return value;
  if (!value.includes("{{")) return value.slice(1);
  const [, literal] = /^=\s*\{\{\s*(true|false|-?\d+(?:\.\d+)?|"[^"\\]*"|'[^'\\]*')\s*\}\}\s*$/.exec(value) ?? [];
  return literal === undefined ? value : (JSON.parse(literal.replace(/^'(.*)'$/, '"$1"')) as Json);
}

const isBlank = (value: Json): boolean =>
  value === null ||
  value === "" ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.values(value).every(isBlank));

/** A node to be mapped: reads its parameters, remembers which, and reports what has no counterpart. */
export class Source {
  readonly version: number;
  private readonly read = new Set<string>();

  constructor(
    readonly node: N8nNode,
    /** Inputs and outputs that connections use: the highest index plus one. */
    readonly connected: { inputs: number; outputs: number },
    private readonly issues: ImportIssue[],
  ) {
    this.version = node.typeVersion;
  }

  /** The value at a dotted path as it stands in the export; undefined when it is not there, as n8n leaves out what is the default. */
  get(path: string): Json | undefined {
    this.read.add(path);
    let value: Json | undefined = this.node.parameters;
    for (const part of path.split(".")) value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    return value;
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  /** A value of any type or an expression; `fallback` where it is not there. */
  value(path: string, fallback: Json = null): Json {
    return this.get(path) ?? fallback;
  }

  /** A text or an expression. */
  text(path: string, fallback = ""): string {
    const value = this.get(path);
    if (value === undefined || value === null) return fallback;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  }

  /** A number or an expression. */
  number(path: string, fallback: number): number | string {
    const value = constant(this.get(path));
    if (isExpression(value)) return value;
    const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value ?? Number.NaN);
    return Number.isFinite(number) ? number : fallback;
  }

  /** A whole number that decides about the node's shape: an expression can't. */
  fixedNumber(path: string, fallback: number): number {
    const value = this.number(path, fallback);
    if (typeof value === "number") return Math.trunc(value);
    this.missing(path, `is an expression (${value}), but must be a fixed number here; ${fallback} is used`);
    return fallback;
  }

  /** A truth value or an expression. */
  flag(path: string, fallback = false): boolean | string {
    const value = constant(this.get(path));
    if (isExpression(value)) return value;
    if (value === "true" || value === "false") return value === "true";
    return typeof value === "boolean" ? value : fallback;
  }

  /** A truth value that must be known now. */
  fixedFlag(path: string, fallback = false): boolean {
    const value = this.flag(path, fallback);
    if (typeof value === "boolean") return value;
    this.missing(path, `is an expression (${value}), but must be on or off here; ${fallback ? "on" : "off"} is used`);
    return fallback;
  }

  /** What n8n's option is called here. */
  option<T extends Json>(path: string, options: Readonly<Record<string, T>>, fallback: string): T {
    const given = constant(this.get(path)) ?? fallback;
    const value = given === "" ? fallback : given;
    const key = String(value);
    if (Object.hasOwn(options, key)) return options[key] as T;
    const taken = options[fallback] as T;
    this.missing(
      path,
      isExpression(value)
        ? `is an expression (${value}), but must be fixed here; "${fallback}" is used`
        : `"${key.slice(0, 100)}" has no counterpart; "${fallback}" is used`,
    );
    return taken;
  }

  /** The entries of a list, an object with one, or nothing. */
  list(path: string): JsonObject[] {
    const value = this.get(path);
    if (Array.isArray(value)) return value.filter(isObject);
    return isObject(value) ? [value] : [];
  }

  object(path: string): JsonObject {
    const value = this.get(path);
    return isObject(value) ? value : {};
  }

  /** Parameters that have the same name here, by that name; what is not set is left to the default. */
  same(prefix: string, ...names: string[]): JsonObject {
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = this.get(prefix === "" ? name : `${prefix}.${name}`);
        return value === undefined || value === null ? [] : [[name, value]];
      }),
    );
  }

  /** Marks parameters as seen to. */
  ignore(...paths: string[]): void {
    for (const path of paths) this.read.add(path);
  }

  missing(field: string | null, message: string): void {
    this.report("missing", field, message);
  }

  changed(field: string | null, message: string): void {
    this.report("changed", field, message);
  }

  note(field: string | null, message: string): void {
    this.report("note", field, message);
  }

  /** Reports the parameters that the mapping did not look at and that are not empty. */
  reportUnread(): void {
    const isRead = (path: string): boolean => {
      for (const each of this.read) if (each === path || path.startsWith(`${each}.`)) return true;
      return false;
    };
    const isOpened = (path: string): boolean => [...this.read].some((each) => each.startsWith(`${path}.`));
    const walk = (value: Json, path: string): void => {
      if (isRead(path) || isBlank(value)) return;
      if (isObject(value) && (isOpened(path) || path === "options")) {
        for (const [key, entry] of Object.entries(value)) walk(entry, `${path}.${key}`);
      } else this.missing(path, "has no counterpart and is left out");
    };
    for (const [key, value] of Object.entries(this.node.parameters)) walk(value, key);
  }

  private report(severity: ImportIssue["severity"], field: string | null, message: string): void {
    this.issues.push({ severity, node: this.node.name, type: this.node.type, field, message });
  }
}
