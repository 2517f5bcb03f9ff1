import { z } from "zod";
import { ParameterError } from "../execution/errors";
import { type ConditionType, convertOperand } from "./condition-operands";
import { compare, isKnownOperation, isUnary, rightTypeOf } from "./condition-operators";

const operatorFields = z.object({
  type: z.enum(["string", "number", "dateTime", "boolean", "array", "object"]).default("string"),
  /** See `CONDITION_OPERATORS`. */
  operation: z.string().default("equals"),
  /** Type of the right side where it is not that of the left. */
  rightType: z.enum(["any", "string", "number", "dateTime", "boolean", "array", "object"]).optional(),
  /** The operation has no right side. */
  singleValue: z.boolean().optional(),
});

const operatorSchema = operatorFields.refine(({ type, operation }) => isKnownOperation(type, operation), {
  path: ["operation"],
  error: ({ input }) => {
    const { type, operation } = input as z.infer<typeof operatorFields>;
    return `there is no operation "${operation}" for ${type} values`;
  },
});

export const conditionSchema = z.object({
  id: z
    .string()
    .optional()
    .meta({ ui: { control: "hidden" } }),
  leftValue: z.unknown().optional().meta({ title: "Value" }),
  operator: operatorSchema.prefault({}),
  rightValue: z.unknown().optional().meta({ title: "Compared with" }),
});
export type Condition = z.infer<typeof conditionSchema>;

/** Conditions that are joined by `and` or `or`: the parameter of If, Switch and Filter. */
export const conditionsSchema = z.object({
  combinator: z
    .enum(["and", "or"])
    .default("and")
    .meta({ title: "Combine with", ui: { labels: { and: "All must hold", or: "One must hold" } } }),
  conditions: z.array(conditionSchema).max(100).default([]),
  options: z
    .object({
      caseSensitive: z.boolean().default(true).meta({ title: "Case sensitive" }),
      typeValidation: z
        .enum(["strict", "loose"])
        .default("strict")
        .meta({
          title: "Types",
          description: "Strict: a value of another type is an error. Loose: it is converted where that is possible.",
          ui: { labels: { strict: "Must match", loose: "Convert where possible" } },
        }),
    })
    .prefault({}),
});
export type Conditions = z.infer<typeof conditionsSchema>;

export interface ConditionPlace {
  /** Path of the conditions in the node's parameters: `rules[1].conditions`. */
  field: string;
  itemIndex: number;
  /** IANA zone of dates that name none; asked for only when a date is compared. Default UTC. */
  timezone?: () => string;
}

/**
 * Whether an item meets conditions whose expressions are resolved. No condition at all is met.
 * @throws ParameterError for an operand of the wrong type (strict) or one that can't be converted (loose).
 */
export function meetsConditions(conditions: Conditions, place: ConditionPlace): boolean {
  const { combinator, conditions: list } = conditions;
  if (list.length === 0) return true;
  // Each condition is looked at, so that a wrong type is told whatever the others give.
  const results = list.map((condition, index) => meets(condition, index, conditions, place));
  return combinator === "or" ? results.includes(true) : !results.includes(false);
}

function meets(condition: Condition, index: number, { options }: Conditions, place: ConditionPlace): boolean {
  const { operator } = condition;
  const type = operator.type as ConditionType;
  const strict = options.typeValidation === "strict";
  const operand = (side: "leftValue" | "rightValue", wanted: ConditionType | "any"): unknown => {
    const result = convertOperand(condition[side], wanted, strict, place.timezone);
    if (result.ok) return result.value;
    throw problem(`conditions[${index}].${side}`, `${result.reason} [condition ${index}, item ${place.itemIndex}]`, place);
  };
  const left = operand("leftValue", type);
  const right = isUnary(type, operator.operation)
    ? undefined
    : operand("rightValue", operator.rightType ?? rightTypeOf(type, operator.operation));
  try {
    return compare(type, operator.operation, left, right, !options.caseSensitive);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw problem(`conditions[${index}]`, `${error.message} [condition ${index}, item ${place.itemIndex}]`, place);
  }
}

const problem = (path: string, reason: string, place: ConditionPlace): ParameterError =>
  Object.assign(new ParameterError(`${place.field}.${path}`, reason, place.itemIndex), {
    ...(reason.startsWith("Wrong type") && { hint: "Set Types to convert where possible, or make the value the expected type." }),
  });
