import type { Expression } from "acorn";
import { begin, budget, LIMITS, step, used } from "./budget";
import { type CompiledCode, compileTree } from "./compile";
import { isStackOverflow } from "./compile/caught";
import { ExpressionError, LimitError, ScopeFailure } from "./errors";
import { toData } from "./methods/json";
import { leaveFlowTime, run } from "./run";
import type { ExpressionScope } from "./scope";
import { splitTemplate } from "./split";
import { GuestFunction, isFunction, toText } from "./values";
import { globalCode, makeVariables } from "./variables";

interface CompiledTemplate {
  /** Text, and code with the place where it starts. */
  parts: (string | CompiledPart)[];
  /** The template is one `={{ e }}` and keeps its type. */
  single: CompiledPart | null;
  mutates: boolean;
}

interface CompiledPart {
  /** Undefined for empty braces. */
  code: CompiledCode | undefined;
  /** A plain path into data (`$json.a.b`): its value is data already. */
  isPath: boolean;
}

const MAX_CACHED = 5000;
const cache = new Map<string, CompiledTemplate>();

const variables = makeVariables((template, itemIndex) => evaluateWithin(template, itemIndex));

/** The closures of a template, compiled once. Throws `ExpressionError` for wrong syntax. */
export function compileTemplate(template: string): CompiledTemplate {
  const known = cache.get(template);
  if (known) return known;
  const parts = splitTemplate(template).map((part) => (part.kind === "text" ? part.text : compilePart(part.tree, part.start)));
  const [first] = parts;
  const compiled: CompiledTemplate = {
    parts,
    single: parts.length === 1 && first !== undefined && typeof first !== "string" ? first : null,
    mutates: parts.some((part) => typeof part !== "string" && part.code?.mutates === true),
  };
  if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
  cache.set(template, compiled);
  return compiled;
}

function compilePart(tree: Expression | null, start: number): CompiledPart {
  if (!tree) return { code: undefined, isPath: true };
  try {
    return { code: compileTree(tree, (name) => globalCode(name, variables)), isPath: isDataPath(tree) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(error.reason, { hint: error.hint, position: start + (error.position ?? 0) });
  }
}

const DATA_VARIABLES: ReadonlySet<string> = new Set(["$json", "variables", "trigger", "$vars", "$env"]);

function isDataPath(tree: Expression): boolean {
  if (tree.type === "Identifier") return DATA_VARIABLES.has(tree.name);
  if (tree.type === "ChainExpression") return isDataPath(tree.expression);
  return tree.type === "MemberExpression" && tree.object.type !== "Super" && isDataPath(tree.object);
}

/** The value of a template for one item of a scope. */
export function evaluate(template: string, scope: ExpressionScope, itemIndex: number): unknown {
  const compiled = compileTemplate(template);
  const { allowance } = scope;
  const milliseconds = allowance?.next(LIMITS.milliseconds);
  // A scope may evaluate in turn while it answers: the outer evaluation goes on with what it had.
  const outer = run.scope === undefined ? null : { run: { ...run }, budget: { ...budget } };
  if (outer) run.settingsBefore = null;
  run.scope = scope;
  run.itemIndex = itemIndex;
  run.copies = compiled.mutates ? new Map() : null;
  begin(LIMITS, milliseconds);
  try {
    return evaluateCompiled(compiled);
  } finally {
    leaveFlowTime();
    if (allowance) {
      const { steps, milliseconds } = used();
      allowance.charge(steps, milliseconds);
    }
    if (outer) {
      Object.assign(run, outer.run);
      Object.assign(budget, outer.budget);
    } else {
      run.scope = undefined as unknown as ExpressionScope;
      run.copies = null;
    }
  }
}

const MAX_NESTED = 20;
let nested = 0;

/** A template evaluated by an expression: the same scope and budget. */
function evaluateWithin(template: string, itemIndex: number): unknown {
  if (nested >= MAX_NESTED) throw new ExpressionError("An expression evaluates itself");
  step(50 + template.length);
  const before = { itemIndex: run.itemIndex, copies: run.copies };
  const compiled = compileTemplate(template);
  nested++;
  run.itemIndex = itemIndex;
  if (compiled.mutates) run.copies ??= new Map();
  try {
    return evaluateCompiled(compiled);
  } finally {
    nested--;
    Object.assign(run, before);
  }
}

function evaluateCompiled({ single, parts }: CompiledTemplate): unknown {
  if (single) return resultOf(single);
  let text = "";
  for (const part of parts) text += typeof part === "string" ? part : printed(resultOf(part));
  return text;
}

/** A value inside of text: null, undefined and NaN print nothing. */
function printed(value: unknown): string {
  if (typeof value === "string") return value;
  if (!value && value !== 0 && value !== false) return "";
  return toText(value);
}

/**
 * Big values that were seen to be data through and through: an expression that hands on all items would go through them
 * once per item. What has been a result is not changed any more.
 */
const knownData = new WeakSet<object>();
const WORTH_REMEMBERING = 100;

function resultOf({ code, isPath }: CompiledPart): unknown {
  if (!code) return undefined;
  const { depth } = budget;
  try {
    const value = code.run();
    if (typeof value !== "object" || value === null) return toData(value, true);
    if (isFunction(value)) throw notCalled(value);
    if (isPath || knownData.has(value)) return value;
    const before = budget.steps;
    const data = toData(value, true);
    if (data === value && before - budget.steps > WORTH_REMEMBERING) knownData.add(value);
    return data;
  } catch (error) {
    if (isStackOverflow(error)) throw new LimitError("The expression is nested too deeply");
    if (error instanceof ExpressionError) throw error;
    if (error instanceof ScopeFailure) throw nested > 0 ? error : error.error;
    // A JavaScript error of the expression itself: the part has no value.
    budget.depth = depth;
    return undefined;
  }
}

function notCalled(value: unknown): ExpressionError {
  const name = value instanceof GuestFunction && value.name !== "" ? ` "${value.name}"` : "";
  return new ExpressionError(`This is a function${name}: add () to call it`);
}
