import { type Expression, parseExpressionAt, type Token } from "acorn";
import { ExpressionError } from "./errors";

const MAX_SOURCE_LENGTH = 50_000;
const OPTIONS = { ecmaVersion: "latest", sourceType: "script", allowReserved: true } as const;

/** Text that holds no code: blanks, comments, semicolons. */
const NOTHING = /^(?:[\s;]|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*$/;

/** Code that begins as a statement does. */
const STATEMENT = /^\s*(?:if|for|while|do|const|let|var|return|switch|try|throw)\b/;
const STATEMENT_HINT = "Write a single expression; wrap statements in (() => { … })()";

/** The syntax tree of one JavaScript expression, or null when there is only blank space and comments. Throws `ExpressionError`. */
export function parseExpression(source: string): Expression | null {
  if (source.length > MAX_SOURCE_LENGTH) throw new ExpressionError(`The expression is longer than ${MAX_SOURCE_LENGTH} characters`);
  if (NOTHING.test(source)) return null;
  let tree: Expression;
  // The tree ends before brackets around the whole: the last token that was read tells where the expression ends.
  let end = 0;
  const onToken = (token: Token) => {
    end = token.end;
  };
  try {
    tree = parseExpressionAt(source, 0, { ...OPTIONS, onToken });
  } catch (error) {
    throw syntaxError(error, source);
  }
  const rest = source.slice(end);
  if (!NOTHING.test(rest)) {
    throw new ExpressionError(`Invalid syntax: unexpected "${excerpt(rest)}" after the expression`, {
      position: end + (rest.length - rest.trimStart().length),
      hint: STATEMENT_HINT,
    });
  }
  return tree;
}

function syntaxError(error: unknown, source: string): ExpressionError {
  if (error instanceof RangeError) return new ExpressionError("Invalid syntax: the expression is nested too deeply");
  const { message, pos } = error as { message: string; pos?: number };
  const reason = message.replace(/\s*\(\d+:\d+\)$/, "");
  const near = pos === undefined ? "" : pos >= source.trimEnd().length ? " at the end" : ` near "${excerpt(source.slice(pos))}"`;
  const hint = STATEMENT.test(source) ? STATEMENT_HINT : undefined;
  return new ExpressionError(`Invalid syntax: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}${near}`, { position: pos, hint });
}

const excerpt = (text: string) => {
  const trimmed = text.trim();
  return trimmed.length > 20 ? `${trimmed.slice(0, 20)}…` : trimmed;
};
