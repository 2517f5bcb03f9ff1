import type { Expression } from "acorn";
import { ExpressionError } from "../errors";
import { isStackOverflow } from "./caught";
import { type Code, type Unit, unshort, unsupported } from "./code";
import { compileExpression } from "./expression";
import { compilePattern } from "./pattern";
import { compileStatement } from "./statement";

export interface CompiledCode {
  run: () => unknown;
  /** The code changes values in place: it needs copies of the host's data (`run.copies`). */
  mutates: boolean;
}

/**
 * Turns a syntax tree into closures.
 * @param global code for a name that the expression does not declare.
 * @throws ExpressionError for syntax that expressions do not have.
 */
export function compileTree(tree: Expression, global: (name: string) => Code): CompiledCode {
  const unit: Unit = {
    mutates: false,
    expression: (node, scope) => compileExpression(node, scope, unit),
    statement: (node, scope) => compileStatement(node, scope),
    binder: (pattern, scope, constant) =>
      compilePattern(pattern, scope, (node) => {
        if (node.type !== "Identifier") throw unsupported(node, node.type);
        const slot = scope.declare(node.name, constant);
        return (frame, value) => {
          frame.slots[slot] = value;
        };
      }),
    global,
  };
  try {
    const code = unit.expression(tree, null);
    return { run: () => unshort(code(null)), mutates: unit.mutates };
  } catch (error) {
    if (isStackOverflow(error)) throw new ExpressionError("Invalid syntax: the expression is nested too deeply");
    throw error;
  }
}
