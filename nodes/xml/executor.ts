import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { NodeExecutor } from "@/flow/node/context";
import { getField, setField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import type { xml } from "./definition";
import { writeXml } from "./write-xml";

export const execute: NodeExecutor<z.infer<typeof xml.parameters>> = async (context) => {
  const { readXml } = await import("./read-xml");
  return mapItems(context, (item, index) => {
    const parameters = context.parameters(index);
    const { dataPropertyName } = parameters;
    try {
      if (parameters.mode === "jsonToXml") return { json: setField({}, dataPropertyName, writeXml(item.json, parameters)) };
      const source = getField(item.json, dataPropertyName);
      if (typeof source === "string") return { json: readXml(source, parameters) };
    } catch (error) {
      throw new ParameterError("dataPropertyName", error instanceof Error ? error.message : String(error), index);
    }
    throw new ParameterError("dataPropertyName", `the item has no text in a field "${dataPropertyName}"`, index);
  });
};
