import type { Expression } from "acorn";
import { ExpressionError } from "./errors";
import { parseExpression } from "./parse";

/** One stretch of a template. `start` is the index of its first character in the template. */
type TemplatePart =
  | { kind: "text"; text: string; start: number }
  /** `tree` is null for empty braces. Positions in the tree count from `start`. */
  | { kind: "code"; code: string; start: number; tree: Expression | null };

const MAX_ATTEMPTS = 50;

/**
 * Splits a template (with its leading `=`) into text and `{{ code }}`. A part ends at the first `}}` with which the
 * code is whole, so braces and strings inside the code are no trouble. `\{{` is a literal `{{`.
 * @throws ExpressionError for a part that is no JavaScript expression, with its position.
 */
export function splitTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = "";
  let textStart = 1;
  let at = 1;
  const endText = () => {
    if (text !== "") parts.push({ kind: "text", text, start: textStart });
    text = "";
  };
  while (at < template.length) {
    const open = template.indexOf("{{", at);
    if (open < 0) break;
    if (template[open - 1] === "\\" && open > at) {
      text += `${template.slice(at, open - 1)}{{`;
      at = open + 2;
      continue;
    }
    text += template.slice(at, open);
    endText();
    const part = readCode(template, open + 2);
    parts.push(part);
    at = part.start + part.code.length + 2;
    textStart = at;
  }
  text += template.slice(at);
  endText();
  return parts;
}

function readCode(template: string, start: number): Extract<TemplatePart, { kind: "code" }> {
  let failure: ExpressionError | undefined;
  let close = template.indexOf("}}", start);
  for (let attempt = 0; close >= 0 && attempt < MAX_ATTEMPTS; attempt++) {
    const code = template.slice(start, close);
    try {
      return { kind: "code", code, start, tree: parseExpression(code) };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      failure ??= new ExpressionError(error.reason, { hint: error.hint, position: start + (error.position ?? 0) });
    }
    close = template.indexOf("}}", close + 1);
  }
  throw failure ?? new ExpressionError("Invalid syntax: “{{” is never closed with “}}”", { position: start - 2 });
}
