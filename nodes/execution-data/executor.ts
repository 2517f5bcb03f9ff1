import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { NodeExecutor } from "@/flow/node/context";
import { customValue } from "@/flow/node/custom-data";
import { mapItems } from "@/flow/node/map-items";
import { setCustomData } from "../set-custom-data";
import type { executionData } from "./definition";

export const execute: NodeExecutor<z.infer<typeof executionData.parameters>> = async (context) => {
  const changes: Record<string, string> = {};
  const outputs = await mapItems(context, (item, index) => {
    const saved: Record<string, string> = {};
    for (const [position, { key, value }] of context.parameters(index).dataToSave.entries()) {
      if (key === "") throw new ParameterError(`dataToSave[${position}].key`, "is empty: name the value", index);
      const [name, text] = customValue(key, value ?? "");
      saved[name] = text;
    }
    const shown = Object.entries(saved).map(([key, value]) => `${key}: ${value}`);
    if (shown.length > 0) context.log("info", shown.join(", "), saved);
    Object.assign(changes, saved);
    return { ...item, pairedItem: { item: index } };
  });
  await setCustomData(context, await context.customData.read(), changes);
  return outputs;
};
