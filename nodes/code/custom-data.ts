import { FatalError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import { type CustomValues, customValue } from "@/flow/node/custom-data";
import { setCustomData } from "../set-custom-data";

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Keeps what code has the execution say of itself.
 * @param result What the prelude made of the code's value, with the field `customData`. It comes out of the sandbox: code may have put anything in its place.
 */
export async function keepCustomData(
  { customData, log }: Pick<NodeContext, "customData" | "log">,
  before: CustomValues,
  result: Json,
): Promise<void> {
  const given = isObject(result) ? result.customData : undefined;
  if (!isObject(given)) throw new FatalError("The code broke what the execution says of itself");
  const changes = Object.fromEntries(Object.entries(given).map(([key, value]) => customValue(key, value)));
  await setCustomData({ customData, log }, before, changes);
}
