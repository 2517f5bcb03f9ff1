import type { Expression, Node, Pattern, Statement, Super } from "acorn";
import { ExpressionError } from "../errors";

/** Variables of one block or call at run time. */
export interface Frame {
  slots: unknown[];
  parent: Frame | null;
}

/** Compiled code of an expression: a closure over the compiled parts. */
export type Code = (frame: Frame | null) => unknown;

/** Where a statement leaves to; undefined when the next one follows. */
export type Completion = { type: "break" | "continue"; label: string | null } | { type: "return"; value: unknown } | undefined;
export type StatementCode = (frame: Frame | null) => Completion;

/** Puts a value into the variables of a pattern. */
export type Binder = (frame: Frame, value: unknown) => void;

/** A variable that is declared and has no value yet. */
export const UNSET: unique symbol = Symbol("unset");

/** The chain stopped at a `?.` on null or undefined. */
export const SHORT: unique symbol = Symbol("short");

interface Variable {
  slot: number;
  constant: boolean;
}

/** Names of one block or function at compile time; it has a `Frame` at run time. */
export class Scope {
  private readonly variables = new Map<string, Variable>();

  constructor(
    readonly unit: Unit,
    readonly parent: Scope | null,
  ) {}

  get size(): number {
    return this.variables.size;
  }

  declare(name: string, constant = false): number {
    const known = this.variables.get(name);
    if (known) return known.slot;
    const slot = this.variables.size;
    this.variables.set(name, { slot, constant });
    return slot;
  }

  find(name: string): { depth: number; slot: number; constant: boolean } | undefined {
    let depth = 0;
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const variable = scope.variables.get(name);
      if (variable) return { depth, ...variable };
      depth++;
    }
    return undefined;
  }
}

/** The compiling of one expression. The parts of the compiler call each other through it. */
export interface Unit {
  /** The code changes values in place; it must work on copies of the host's data. */
  mutates: boolean;
  expression(node: Expression | Super, scope: Scope | null): Code;
  statement(node: Statement, scope: Scope): StatementCode;
  /** Declares the names of a pattern and gives the code that fills them. */
  binder(pattern: Pattern, scope: Scope, constant: boolean): Binder;
  /** Value of a variable that is not declared in the expression. */
  global(name: string): Code;
}

export function unsupported(node: Node, what: string): ExpressionError {
  return new ExpressionError(`Invalid syntax: ${what} cannot be used in expressions`, {
    position: node.start,
    hint: "Use a Code node for longer programs",
  });
}

export const frameAt = (frame: Frame | null, depth: number): Frame => {
  let found = frame as Frame;
  for (let up = 0; up < depth; up++) found = found.parent as Frame;
  return found;
};

export const unshort = (value: unknown): unknown => (value === SHORT ? undefined : value);
