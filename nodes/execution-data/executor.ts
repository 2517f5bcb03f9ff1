import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import type { executionData } from "./definition";

const MAX_CHARACTERS = 512;

export const execute: NodeExecutor<z.infer<typeof executionData.parameters>> = (context) =>
  mapItems(context, (item, index) => {
    const saved: JsonObject = {};
    for (const [position, { key, value }] of context.parameters(index).dataToSave.entries()) {
      if (key === "") throw new ParameterError(`dataToSave[${position}].key`, "is empty: name the value", index);
      saved[key] = (typeof value === "object" ? JSON.stringify(value ?? null) : String(value ?? "")).slice(0, MAX_CHARACTERS);
    }
    const shown = Object.entries(saved).map(([key, value]) => `${key}: ${value}`);
    if (shown.length > 0) context.log("info", shown.join(", "), saved);
    return { ...item, pairedItem: { item: index } };
  });
