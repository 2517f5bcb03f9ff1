import { describe, expect, it } from "vitest";
import { conditionsSchema } from "@/flow/node/conditions";
import { type ConditionModel, fixedFor, readConditions, withOperator } from "./conditions-model";

const condition: ConditionModel = {
  id: "c",
  leftValue: "={{ $json.total }}",
  operator: { type: "string", operation: "contains" },
  rightValue: "100",
};

describe("conditions in the form", () => {
  it("take the new type's operation and a right side of that type", () => {
    expect(withOperator(condition, "number", undefined)).toMatchObject({
      operator: { type: "number", operation: "equals" },
      rightValue: 100,
    });
    expect(withOperator(condition, "array", undefined)).toMatchObject({
      operator: { type: "array", operation: "contains" },
      rightValue: "100",
    });
    expect(withOperator(condition, "array", "lengthGt")).toMatchObject({ operator: { rightType: "number" }, rightValue: 100 });
  });

  it("lose the right side with an operation that has none, and keep an expression", () => {
    expect(withOperator(condition, "string", "empty")).toMatchObject({ operator: { singleValue: true }, rightValue: "" });
    expect(withOperator({ ...condition, rightValue: "={{ 1 }}" }, "number", "gt")).toMatchObject({ rightValue: "={{ 1 }}" });
    expect(withOperator(condition, "object", undefined)).toMatchObject({ operator: { type: "object", operation: "exists" } });
  });

  it("are what the node accepts", () => {
    for (const type of ["string", "number", "dateTime", "boolean", "array", "object"] as const) {
      const value = { combinator: "or", conditions: [withOperator(condition, type, undefined)] };
      expect(conditionsSchema.safeParse(value).success).toBe(true);
    }
  });

  it("show what is half-written", () => {
    expect(readConditions(undefined)).toMatchObject({ combinator: "and", conditions: [] });
    expect(readConditions({ conditions: [{}] }).conditions).toEqual([
      { leftValue: undefined, operator: { type: "string", operation: "equals" }, rightValue: undefined },
    ]);
    expect(fixedFor("number", "abc")).toBe(0);
    expect(fixedFor("boolean", "true")).toBe(true);
  });
});
