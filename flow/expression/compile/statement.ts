import type {
  BlockStatement,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Statement,
  SwitchStatement,
  TryStatement,
  VariableDeclaration,
} from "acorn";
import { budget, step } from "../budget";
import { ExpressionError, LimitError, ScopeFailure, Thrown } from "../errors";
import { iterate, keysOf } from "../values";
import { assigning } from "./assign";
import { caughtValue } from "./caught";
import { type Binder, type Code, type Completion, type Frame, Scope, type StatementCode, UNSET, unshort, unsupported } from "./code";
import { boundNames, compileStatements } from "./function";

export function compileStatement(node: Statement, scope: Scope): StatementCode {
  const { unit } = scope;
  switch (node.type) {
    case "ExpressionStatement": {
      const code = unit.expression(node.expression, scope);
      return (frame) => {
        code(frame);
        return undefined;
      };
    }
    case "EmptyStatement":
    case "DebuggerStatement":
      return () => undefined;
    case "BlockStatement":
      return compileBlock(node, scope);
    case "VariableDeclaration":
      return compileDeclaration(node, scope);
    case "ReturnStatement": {
      const code = node.argument ? unit.expression(node.argument, scope) : () => undefined;
      return (frame) => ({ type: "return", value: unshort(code(frame)) });
    }
    case "IfStatement": {
      const test = unit.expression(node.test, scope);
      const yes = compileStatement(node.consequent, scope);
      const no = node.alternate ? compileStatement(node.alternate, scope) : undefined;
      return (frame) => (unshort(test(frame)) ? yes(frame) : no?.(frame));
    }
    case "WhileStatement":
    case "DoWhileStatement": {
      const test = unit.expression(node.test, scope);
      const body = compileStatement(node.body, scope);
      const first = node.type === "DoWhileStatement";
      return (frame) => loop(frame, (skipTest) => (first && skipTest) || Boolean(unshort(test(frame))), body, null);
    }
    case "ForStatement":
      return compileFor(node, scope, null);
    case "ForOfStatement":
    case "ForInStatement":
      return compileForEach(node, scope, null);
    case "LabeledStatement":
      return compileLabeled(node.label.name, node.body, scope);
    case "BreakStatement":
    case "ContinueStatement": {
      const completion: Completion = { type: node.type === "BreakStatement" ? "break" : "continue", label: node.label?.name ?? null };
      return () => completion;
    }
    case "SwitchStatement":
      return compileSwitch(node, scope);
    case "ThrowStatement": {
      const code = unit.expression(node.argument, scope);
      return (frame) => {
        throw new Thrown(unshort(code(frame)));
      };
    }
    case "TryStatement":
      return compileTry(node, scope);
    default:
      throw unsupported(node, node.type);
  }
}

const newFrame = (scope: Scope, parent: Frame | null): Frame => ({ slots: new Array<unknown>(scope.size).fill(undefined), parent });

function compileBlock(node: BlockStatement, outer: Scope): StatementCode {
  const scope = new Scope(outer.unit, outer);
  const run = compileStatements(node.body, scope);
  return (frame) => run(newFrame(scope, frame));
}

function compileDeclaration(node: VariableDeclaration, scope: Scope): StatementCode {
  const parts = node.declarations.map(({ id, init }) => {
    if (node.kind === "var") return { bind: assigning(id, scope, scope.unit), init: init ? scope.unit.expression(init, scope) : null };
    const bind = scope.unit.binder(id, scope, node.kind === "const");
    return { bind, init: init ? scope.unit.expression(init, scope) : () => undefined };
  });
  return (frame) => {
    for (const { bind, init } of parts) if (init) bind(frame as Frame, unshort(init(frame)));
    return undefined;
  };
}

/** Runs a loop's body until the test fails or the body leaves it. */
function loop(frame: Frame | null, test: (first: boolean) => boolean, body: StatementCode, label: string | null): Completion {
  for (let first = true; test(first); first = false) {
    step();
    const completion = body(frame);
    if (completion && !goesOn(completion, label)) return leaving(completion, label);
  }
  return undefined;
}

const isHere = (completion: NonNullable<Completion>, label: string | null) =>
  completion.type !== "return" && (completion.label === null || completion.label === label);

/** The next round follows: `continue` of this loop. */
const goesOn = (completion: NonNullable<Completion>, label: string | null) => completion.type === "continue" && isHere(completion, label);

/** What a loop passes on: its own `break` ends here. */
const leaving = (completion: NonNullable<Completion>, label: string | null): Completion =>
  completion.type === "break" && isHere(completion, label) ? undefined : completion;

function compileLabeled(label: string, body: Statement, scope: Scope): StatementCode {
  if (body.type === "ForStatement") return compileFor(body, scope, label);
  if (body.type === "ForOfStatement" || body.type === "ForInStatement") return compileForEach(body, scope, label);
  if (body.type === "WhileStatement" || body.type === "DoWhileStatement") {
    const test = scope.unit.expression(body.test, scope);
    const inner = compileStatement(body.body, scope);
    const isDo = body.type === "DoWhileStatement";
    return (frame) => loop(frame, (first) => (isDo && first) || Boolean(unshort(test(frame))), inner, label);
  }
  const code = compileStatement(body, scope);
  return (frame) => {
    const completion = code(frame);
    return completion?.type === "break" && completion.label === label ? undefined : completion;
  };
}

function compileFor(node: ForStatement, outer: Scope, label: string | null): StatementCode {
  const scope = new Scope(outer.unit, outer);
  const { init } = node;
  const names = init?.type === "VariableDeclaration" && init.kind !== "var" ? init.declarations.flatMap(({ id }) => boundNames(id)) : [];
  for (const name of names) scope.declare(name, init?.type === "VariableDeclaration" && init.kind === "const");
  const start = init
    ? init.type === "VariableDeclaration"
      ? compileDeclaration(init, scope)
      : expressionStatement(scope.unit.expression(init, scope))
    : null;
  const test = node.test ? scope.unit.expression(node.test, scope) : () => true;
  const update = node.update ? scope.unit.expression(node.update, scope) : null;
  const body = compileStatement(node.body, scope);
  return (parent) => {
    let frame = newFrame(scope, parent);
    start?.(frame);
    while (unshort(test(frame))) {
      step();
      const completion = body(frame);
      if (completion && !goesOn(completion, label)) return leaving(completion, label);
      // Each round has variables of its own, for closures made in it.
      if (names.length > 0) frame = { slots: [...frame.slots], parent };
      update?.(frame);
    }
    return undefined;
  };
}

const expressionStatement =
  (code: Code): StatementCode =>
  (frame) => {
    code(frame);
    return undefined;
  };

function compileForEach(node: ForOfStatement | ForInStatement, outer: Scope, label: string | null): StatementCode {
  if (node.type === "ForOfStatement" && node.await) throw unsupported(node, "await");
  const items = outer.unit.expression(node.right, outer);
  const scope = new Scope(outer.unit, outer);
  const bind = loopBinder(node.left, scope);
  const body = compileStatement(node.body, scope);
  return (parent) => {
    const value = unshort(items(parent));
    const isIn = node.type === "ForInStatement";
    const list = isIn ? (value === null || value === undefined ? [] : keysOf(value)) : iterate(value);
    for (let index = 0; index < list.length; index++) {
      step();
      const frame = newFrame(scope, parent);
      bind(frame, list[index]);
      const completion = body(frame);
      if (completion && !goesOn(completion, label)) return leaving(completion, label);
    }
    return undefined;
  };
}

function loopBinder(left: ForOfStatement["left"], scope: Scope): Binder {
  if (left.type !== "VariableDeclaration") return assigning(left, scope, scope.unit);
  const id = left.declarations[0]?.id;
  if (!id) throw unsupported(left, "an empty declaration");
  return left.kind === "var" ? assigning(id, scope, scope.unit) : scope.unit.binder(id, scope, left.kind === "const");
}

function compileSwitch(node: SwitchStatement, outer: Scope): StatementCode {
  const subject = outer.unit.expression(node.discriminant, outer);
  const scope = new Scope(outer.unit, outer);
  const unset: number[] = [];
  for (const statement of node.cases.flatMap(({ consequent }) => consequent)) {
    if (statement.type === "FunctionDeclaration") throw unsupported(statement, "a function declared in a switch");
    if (statement.type !== "VariableDeclaration" || statement.kind === "var") continue;
    for (const { id } of statement.declarations)
      for (const name of boundNames(id)) unset.push(scope.declare(name, statement.kind === "const"));
  }
  const cases = node.cases.map(({ test, consequent }) => ({
    test: test ? scope.unit.expression(test, scope) : null,
    body: consequent.map((statement) => compileStatement(statement, scope)),
  }));
  return (parent) => {
    const value = unshort(subject(parent));
    const frame = newFrame(scope, parent);
    for (const slot of unset) frame.slots[slot] = UNSET;
    let from = cases.findIndex(({ test }) => test !== null && unshort(test(frame)) === value);
    if (from < 0) from = cases.findIndex(({ test }) => test === null);
    if (from < 0) return undefined;
    for (const { body } of cases.slice(from)) {
      for (const code of body) {
        const completion = code(frame);
        if (completion?.type === "break" && completion.label === null) return undefined;
        if (completion) return completion;
      }
    }
    return undefined;
  };
}

function compileTry(node: TryStatement, outer: Scope): StatementCode {
  const block = compileBlock(node.block, outer);
  const handler = node.handler ? compileCatch(node.handler, outer) : null;
  const finalizer = node.finalizer ? compileBlock(node.finalizer, outer) : null;
  const attempt: StatementCode = (frame) => {
    if (!handler) return block(frame);
    const { depth } = budget;
    try {
      return block(frame);
    } catch (error) {
      // The calls that the error left are over.
      budget.depth = depth;
      return handler(frame, caughtValue(error));
    }
  };
  if (!finalizer) return attempt;
  return (frame) => {
    let completion: Completion;
    try {
      completion = attempt(frame);
    } catch (error) {
      // Nothing of the expression runs after a limit or a failure of the host.
      if (error instanceof LimitError || error instanceof ScopeFailure) throw error;
      const overriding = finalizer(frame);
      if (overriding && !(error instanceof ExpressionError)) return overriding;
      throw error;
    }
    return finalizer(frame) ?? completion;
  };
}

function compileCatch(clause: NonNullable<TryStatement["handler"]>, outer: Scope): (frame: Frame | null, value: unknown) => Completion {
  const scope = new Scope(outer.unit, outer);
  const bind = clause.param ? scope.unit.binder(clause.param, scope, false) : null;
  const body = compileBlock(clause.body, scope);
  return (parent, value) => {
    const frame = newFrame(scope, parent);
    bind?.(frame, value);
    return body(frame);
  };
}
