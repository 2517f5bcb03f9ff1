import { ExpressionError } from "./errors";
import { compileTemplate, evaluate } from "./evaluate";
import type { ExpressionScope } from "./scope";

export {
  codeReferences,
  type References,
  renameNodeInCode,
  renameNodeInTemplate,
  templateReferences,
} from "./references";
export { type ResolveOptions, resolveParameters } from "./resolve";
export type { ExpressionScope, NodeData } from "./scope";
export { toJson } from "./to-json";

/** Whether a parameter's value is a template: a text that starts with `=`. */
export const isExpression = (value: unknown): value is `=${string}` => typeof value === "string" && value.startsWith("=");

/**
 * The value of a template for one item. A template that is one `={{ e }}` keeps the type of `e`; otherwise text and
 * values are joined, where null, undefined and NaN print nothing. A text without the leading `=` is itself.
 *
 * The result holds JSON values, undefined, and luxon DateTimes, Durations and Intervals or Dates where the expression made
 * them (`toJson` turns those into text). It may share structure with the input: treat both as immutable.
 * @throws ExpressionError what the person who wrote the template must know.
 * @example evaluateTemplate("=Hi {{ $json.name }}", scope, 0) // "Hi Ada"
 */
export function evaluateTemplate(template: string, scope: ExpressionScope, itemIndex: number): unknown {
  return isExpression(template) ? evaluate(template, scope, itemIndex) : template;
}

/** What is wrong with a template's syntax and where (0-based character), or null. A text without `=` is always right. */
export function checkTemplate(template: string): { message: string; position: number } | null {
  if (!isExpression(template)) return null;
  try {
    compileTemplate(template);
    return null;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { message: error.message, position: error.position ?? 0 };
  }
}
