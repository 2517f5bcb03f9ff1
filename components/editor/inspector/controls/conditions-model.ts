import type { Json, JsonObject } from "@/flow/item";
import type { ConditionType } from "@/flow/node/condition-operands";
import { CONDITION_OPERATORS, isUnary, rightTypeOf } from "@/flow/node/condition-operators";
import { isExpression } from "../form-model";

export interface ConditionModel {
  id?: string;
  leftValue: Json | undefined;
  operator: { type: ConditionType; operation: string };
  rightValue: Json | undefined;
}

export interface ConditionsModel {
  combinator: "and" | "or";
  conditions: ConditionModel[];
  options: { caseSensitive: boolean; typeValidation: "strict" | "loose" };
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const isType = (value: Json | undefined): value is ConditionType => typeof value === "string" && Object.hasOwn(CONDITION_OPERATORS, value);

/** Conditions as they are stored, with what is missing filled in: half-written ones must show too. */
export function readConditions(value: Json | undefined): ConditionsModel {
  const root = isObject(value) ? value : {};
  const options = isObject(root.options) ? root.options : {};
  const list = Array.isArray(root.conditions) ? root.conditions : [];
  return {
    combinator: root.combinator === "or" ? "or" : "and",
    conditions: list.filter(isObject).map((condition) => {
      const operator = isObject(condition.operator) ? condition.operator : {};
      return {
        ...(typeof condition.id === "string" && { id: condition.id }),
        leftValue: condition.leftValue,
        operator: {
          type: isType(operator.type) ? operator.type : "string",
          operation: typeof operator.operation === "string" ? operator.operation : "equals",
        },
        rightValue: condition.rightValue,
      };
    }),
    options: { caseSensitive: options.caseSensitive !== false, typeValidation: options.typeValidation === "loose" ? "loose" : "strict" },
  };
}

/** A fixed right side of the wanted type, made of the one that is there. */
export function fixedFor(type: ConditionType | "any", value: Json | undefined): Json {
  if (type === "number") return typeof value === "number" ? value : Number.isFinite(Number(value)) && value !== "" ? Number(value) : 0;
  if (type === "boolean") return value === true || value === "true";
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}

/** The condition with another operator: of another type it takes that type's operation of the same name, else its first comparison. */
export function withOperator(condition: ConditionModel, type: ConditionType, operation: string | undefined): JsonObject {
  const operators = CONDITION_OPERATORS[type];
  const wanted = operation ?? condition.operator.operation;
  const chosen =
    operators.find((each) => each.operation === wanted) ?? operators.find((each) => !each.unary) ?? operators.find((each) => each.unary);
  const name = chosen?.operation ?? wanted;
  const unary = isUnary(type, name);
  const right = isExpression(condition.rightValue) ? condition.rightValue : fixedFor(rightTypeOf(type, name), condition.rightValue);
  return {
    ...(condition.id !== undefined && { id: condition.id }),
    leftValue: condition.leftValue ?? "",
    operator: {
      type,
      operation: name,
      ...(chosen?.rightType && chosen.rightType !== "any" && { rightType: chosen.rightType }),
      ...(unary && { singleValue: true }),
    },
    rightValue: unary ? "" : right,
  };
}
