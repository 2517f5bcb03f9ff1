import type { AnyNode, ArrowFunctionExpression, BlockStatement, FunctionDeclaration, FunctionExpression, Pattern, Statement } from "acorn";
import { enter, leave } from "../budget";
import { GuestFunction } from "../values";
import { type Binder, type Code, type Frame, Scope, UNSET, unshort, unsupported } from "./code";

type FunctionNode = ArrowFunctionExpression | FunctionExpression | FunctionDeclaration;

export function compileFunction(node: FunctionNode, outer: Scope | null, unit: Scope["unit"]): Code {
  if (node.async || node.generator) throw unsupported(node, node.async ? "an async function" : "a generator function");
  const scope = new Scope(unit, outer);
  const isSimple =
    node.params.every((param) => param.type === "Identifier") &&
    new Set(node.params.map((param) => (param as { name: string }).name)).size === node.params.length;
  const binders = isSimple ? declareAll(node.params, scope) : node.params.map((param) => parameter(param, scope));
  const name = node.type === "ArrowFunctionExpression" ? "" : (node.id?.name ?? "");
  const ownSlot = node.type === "FunctionExpression" && name !== "" && !scope.find(name) ? scope.declare(name) : -1;
  const body = node.body.type === "BlockStatement" ? compileBody(node.body, scope) : expressionBody(unit.expression(node.body, scope));
  const arity = node.params.length;
  return (outerFrame) => {
    const run = (frame: Frame) => {
      enter();
      const result = body(frame);
      leave();
      return result;
    };
    const frameFor = (args: unknown[]): Frame => {
      const frame: Frame = { slots: new Array<unknown>(scope.size).fill(undefined), parent: outerFrame };
      if (ownSlot >= 0) frame.slots[ownSlot] = self;
      if (isSimple) for (let index = 0; index < arity; index++) frame.slots[index] = args[index];
      else for (const [index, binder] of binders.entries()) binder.bind(frame, binder.rest ? args.slice(index) : args[index]);
      return frame;
    };
    const call = (args: unknown[]) => run(frameFor(args));
    // The common callback: simple parameters, no further variables.
    const direct = isSimple && arity <= 3 && scope.size === arity;
    const call3 = direct
      ? (a: unknown, b: unknown, c: unknown) => run({ slots: arity === 1 ? [a] : arity === 2 ? [a, b] : [a, b, c], parent: outerFrame })
      : undefined;
    const self = new GuestFunction(call, name, call3);
    return self;
  };
}

interface ParameterBinder {
  rest: boolean;
  bind: Binder;
}

function declareAll(params: Pattern[], scope: Scope): ParameterBinder[] {
  for (const param of params) if (param.type === "Identifier") scope.declare(param.name);
  return [];
}

const parameter = (param: Pattern, scope: Scope): ParameterBinder =>
  param.type === "RestElement"
    ? { rest: true, bind: scope.unit.binder(param.argument, scope, false) }
    : { rest: false, bind: scope.unit.binder(param, scope, false) };

const expressionBody =
  (code: Code): Code =>
  (frame) =>
    unshort(code(frame));

/** The statements of a function share the frame of its parameters. */
function compileBody(block: BlockStatement, scope: Scope): Code {
  for (const name of varNames(block)) scope.declare(name);
  const run = compileStatements(block.body, scope);
  return (frame) => {
    const completion = run(frame as Frame);
    return completion?.type === "return" ? completion.value : undefined;
  };
}

/** Compiles statements whose `let`, `const` and functions live in `scope`; the code sets them up in the given frame. */
export function compileStatements(
  statements: Statement[],
  scope: Scope,
): (frame: Frame) => ReturnType<ReturnType<Scope["unit"]["statement"]>> {
  const unset: number[] = [];
  const functions: { slot: number; node: FunctionDeclaration }[] = [];
  for (const statement of statements) {
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
      for (const { id } of statement.declarations)
        for (const name of boundNames(id)) unset.push(scope.declare(name, statement.kind === "const"));
    } else if (statement.type === "FunctionDeclaration") functions.push({ slot: scope.declare(statement.id.name), node: statement });
  }
  const hoisted = functions.map(({ slot, node }) => ({ slot, code: compileFunction(node, scope, scope.unit) }));
  const codes = statements.filter(({ type }) => type !== "FunctionDeclaration").map((statement) => scope.unit.statement(statement, scope));
  return (frame) => {
    for (const slot of unset) frame.slots[slot] = UNSET;
    for (const { slot, code } of hoisted) frame.slots[slot] = code(frame);
    for (const code of codes) {
      const completion = code(frame);
      if (completion) return completion;
    }
    return undefined;
  };
}

/** Names that a pattern declares. */
export function boundNames(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "RestElement":
      return boundNames(pattern.argument);
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? boundNames(element) : []));
    case "ObjectPattern":
      return pattern.properties.flatMap((property) => boundNames(property.type === "RestElement" ? property.argument : property.value));
    default:
      return [];
  }
}

/** Names declared with `var` in a function's body, not in functions within it. */
function varNames(node: AnyNode): string[] {
  if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression") return [];
  if (node.type === "VariableDeclaration" && node.kind === "var") return node.declarations.flatMap(({ id }) => boundNames(id));
  return Object.values(node).flatMap((value: unknown) =>
    (Array.isArray(value) ? value : [value]).flatMap((child) => (isStatementLike(child) ? varNames(child) : [])),
  );
}

const isStatementLike = (value: unknown): value is AnyNode =>
  typeof value === "object" &&
  value !== null &&
  /Statement$|^VariableDeclaration$|^SwitchCase$|^CatchClause$/.test(String((value as AnyNode).type));
