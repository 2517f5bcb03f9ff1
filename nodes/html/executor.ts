import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { getField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { decodeText } from "../encodings";
import { fileOf } from "../files";
import type { html } from "./definition";
import { htmlTable } from "./html-table";

type Parameters = z.infer<typeof html.parameters>;

export const execute: NodeExecutor<Parameters> = (context) => {
  if (context.items.length === 0) return [[]];
  switch (context.parameters(0).operation) {
    case "generateHtmlTemplate":
      return mapItems(context, (_, index) => {
        const template = context.parameters(index).html;
        const filled = context.evaluate(template.startsWith("=") ? template : `=${template}`, index);
        return { json: { html: typeof filled === "string" ? filled : String(filled ?? "") } };
      });
    case "extractHtmlContent":
      return extract(context);
    case "convertToHtmlTable": {
      const rows = context.items.map((item) => item.json);
      return [
        [{ json: { table: htmlTable(rows, context.parameters(0)) }, pairedItem: context.items.map((_, index) => ({ item: index })) }],
      ];
    }
  }
};

async function extract(context: NodeContext<Parameters>) {
  const { extractValues } = await import("./extract-values");
  return mapItems(context, async (_, index) => {
    const parameters = context.parameters(index);
    if (parameters.extractionValues.length === 0) throw new ParameterError("extractionValues", "is empty: add a value to extract", index);
    const sources = await sourcesOf(context, parameters, index);
    return sources.map((source) => ({ json: extractValues(source, parameters, index), pairedItem: { item: index } }));
  });
}

/** A field may hold several documents: each makes an item. */
async function sourcesOf(context: NodeContext<Parameters>, { sourceData, dataPropertyName }: Parameters, index: number): Promise<string[]> {
  if (sourceData === "binary") {
    const file = fileOf(context.items[index], dataPropertyName, "dataPropertyName", index);
    return [decodeText(await context.readBinary(file), "utf8", index)];
  }
  const value = getField(context.items[index]?.json ?? {}, dataPropertyName);
  const list = Array.isArray(value) ? value : [value];
  return list.map((each) => {
    if (typeof each === "string") return each;
    const reason = value === undefined ? `no field "${dataPropertyName}" is there` : `the field "${dataPropertyName}" holds no text`;
    throw new ParameterError("dataPropertyName", reason, index);
  });
}
