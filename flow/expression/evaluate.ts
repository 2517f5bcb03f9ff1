import { ExpressionError } from "./errors";
import type { ExpressionScope } from "./scope";

export function evaluate(_template: string, _scope: ExpressionScope, _itemIndex: number): unknown {
  throw new ExpressionError("The evaluator is not there yet");
}
