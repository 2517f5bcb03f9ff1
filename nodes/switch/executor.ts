import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import { meetsConditions } from "@/flow/node/conditions";
import type { NodeExecutor } from "@/flow/node/context";
import { outputHandles } from "@/flow/node/define-node";
import { routeItems, zoneOf } from "../route-items";
import { switchNode } from "./definition";

type Parameters = z.infer<typeof switchNode.parameters>;

export const execute: NodeExecutor<Parameters> = (context) => {
  const count = outputHandles(switchNode, { parameters: context.node.parameters }).length;
  return routeItems(context, count, (itemIndex) => {
    const parameters = context.parameters(itemIndex);
    if (parameters.mode === "expression") {
      if (parameters.output >= 0 && parameters.output < count) return [parameters.output];
      throw new ParameterError(
        "output",
        `The output ${parameters.output} is not allowed. It has to be between 0 and ${count - 1}`,
        itemIndex,
      );
    }
    return byRules(parameters, count, itemIndex, zoneOf(context, itemIndex));
  });
};

function byRules(
  { rules, allMatching, fallback, fallbackOutput }: Parameters,
  count: number,
  itemIndex: number,
  timezone: () => string,
): number[] {
  const matching: number[] = [];
  for (const [index, { conditions }] of rules.entries()) {
    if (!meetsConditions(conditions, { field: `rules[${index}].conditions`, itemIndex, timezone })) continue;
    matching.push(index);
    if (!allMatching) break;
  }
  if (matching.length > 0 || fallback === "none") return matching;
  if (fallback === "extra") return [count - 1];
  if (fallbackOutput < count) return [fallbackOutput];
  throw new ParameterError("fallbackOutput", `there is no output ${fallbackOutput}: the outputs are 0 to ${count - 1}`, itemIndex);
}
