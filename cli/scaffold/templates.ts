/** Data only: it reaches the browser. */
export const definitionFile = (type: string, name: string, title: string): string => `import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const ${name} = defineNode({
  type: "${type}",
  version: 1,
  name: "${title}",
  description: "Puts a text into a field of each item.",
  category: "data",
  icon: "box",
  parameters: z.object({
    fieldName: field(z.string().default("text"), "Field", { description: "Name of the field that takes the text." }),
    text: field(z.string().default(""), "Text", { placeholder: "Hello {{ $json.name }}", required: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
  sample: [{ text: "Hello Ada" }],
});
`;

/** Runs on the server, and touches the world through its context alone. */
export const executorFile = (name: string): string => `import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import type { ${name} } from "./definition";

export const execute: NodeExecutor<z.infer<typeof ${name}.parameters>> = (context) =>
  mapItems(context, (item, index) => {
    const { fieldName, text } = context.parameters(index);
    if (fieldName === "") throw new ParameterError("fieldName", "is empty: name the field that takes the text", index);
    return { ...item, json: { ...item.json, [fieldName]: text }, pairedItem: { item: index } };
  });
`;

export const testFile = (type: string): string => `import { expect, it } from "vitest";
import { executeForTest } from "../testing/execute";

const items = [{ name: "Ada" }, { name: "Bo" }];

it("puts a text into a field of each item, with its lineage", async () => {
  const { outputs } = await executeForTest("${type}", { parameters: { text: "=Hello {{ $json.name }}" }, items });
  expect(outputs).toEqual([
    [
      { json: { name: "Ada", text: "Hello Ada" }, pairedItem: { item: 0 } },
      { json: { name: "Bo", text: "Hello Bo" }, pairedItem: { item: 1 } },
    ],
  ]);
});

it("says which parameter is missing", async () => {
  await expect(executeForTest("${type}", { parameters: { fieldName: "" }, items })).rejects.toMatchObject({ field: "fieldName" });
});
`;
