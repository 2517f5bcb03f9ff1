import type { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { Item } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import type { debugHelper } from "./definition";
import { drawing, RANDOM_DATA } from "./random-data";

export const execute: NodeExecutor<z.infer<typeof debugHelper.parameters>> = (context) => {
  if (context.items.length === 0) return [[]];
  const { category, throwErrorMessage, retriable, randomDataType, randomDataCount, randomDataSeed, randomDataSingleArray } =
    context.parameters(0);
  switch (category) {
    case "doNothing":
      return [context.items.map((item, index) => ({ ...item, pairedItem: { item: index } }))];
    case "throwError":
      throw retriable ? new Error(throwErrorMessage) : new FatalError(throwErrorMessage);
    case "randomData": {
      const draw = drawing(randomDataSeed);
      const made = Array.from({ length: randomDataCount }, () => RANDOM_DATA[randomDataType](draw));
      const pairedItem = { item: 0 };
      return [randomDataSingleArray ? [{ json: { generatedItems: made }, pairedItem }] : made.map((json): Item => ({ json, pairedItem }))];
    }
  }
};
