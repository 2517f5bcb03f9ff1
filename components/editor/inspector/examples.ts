import type { Json, JsonObject } from "@/flow/item";
import { effectiveValue, type FieldModel } from "./form-model";

/** Texts that siblings of a changed field start from now, by their names; one that somebody has written upon stays. */
export function examplesAfter(
  changed: FieldModel,
  value: Json | undefined,
  siblings: readonly FieldModel[],
  values: JsonObject,
): [name: string, text: string][] {
  return siblings.flatMap((field): [string, string][] => {
    const { examples } = field.hints;
    if (examples?.by !== changed.name || typeof value !== "string") return [];
    const next = examples.of[value];
    const current = effectiveValue(field, values);
    const untouched = current === "" || current === field.defaultValue || Object.values(examples.of).some((text) => text === current);
    return next !== undefined && untouched && next !== current ? [[field.name, next]] : [];
  });
}
