/** Variables of an expression: the run's own event, and the one that just arrived. */
export interface Scope {
  event?: unknown;
  async?: unknown;
}

const OPERAND =
  /\s*(?:((?:event|async)(?:\.\w+|\[(?:'[^']*'|"[^"]*")\])*)|'([^']*)'|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?|true|false|null))\s*/y;

const read = (path: string[]) => (scope: Scope) =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], scope);

/**
 * The part of CEL that functions here use: `a == b` and `a != b` joined by `&&`, over paths of `event` and `async` and literals.
 * @throws for anything else: a test must not pass because a condition was not understood.
 */
export function compileCondition(source: string): (scope: Scope) => boolean {
  let position = 0;
  const unsupported = () => new Error(`Unsupported expression: ${source}`);
  const operand = () => {
    OPERAND.lastIndex = position;
    const match = OPERAND.exec(source);
    if (!match) throw unsupported();
    position = OPERAND.lastIndex;
    const [, path, single, double, literal] = match;
    if (path) return read([...path.matchAll(/\w+|'[^']*'|"[^"]*"/g)].map(([part]) => part.replace(/^['"]|['"]$/g, "")));
    const value: unknown = single ?? JSON.parse((double ?? literal)!);
    return () => value;
  };
  const take = (length: number) => {
    position += length;
    return source.slice(position - length, position);
  };
  const clauses: ((scope: Scope) => boolean)[] = [];
  for (;;) {
    const left = operand();
    const operator = take(2);
    if (operator !== "==" && operator !== "!=") throw unsupported();
    const right = operand();
    clauses.push((scope) => {
      const [a, b] = [left(scope), right(scope)];
      // A missing field is an error in CEL, and an expression that errs does not match.
      if (a === undefined || b === undefined) return operator === "!=";
      return (a === b) === (operator === "==");
    });
    if (position >= source.length) return (scope) => clauses.every((clause) => clause(scope));
    if (take(2) !== "&&") throw unsupported();
  }
}

/** Keys of concurrency, idempotency and singleton: paths of `event` and string literals joined by `+`. */
export function compileKey(source: string | undefined): (scope: Scope) => string {
  if (!source) return () => "";
  const parts = source.split("+").map((part) => {
    const path = /^\s*(event(?:\.\w+)+)\s*$/.exec(part);
    if (path) return read(path[1]!.split("."));
    const literal = /^\s*(?:'([^']*)'|"([^"]*)")\s*$/.exec(part);
    if (!literal) throw new Error(`Unsupported key: ${source}`);
    return () => literal[1] ?? literal[2];
  });
  return (scope) => parts.map((part) => String(part(scope))).join("");
}
