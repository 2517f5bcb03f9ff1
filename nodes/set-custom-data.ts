import type { NodeContext } from "@/flow/node/context";
import { type CustomValues, MOST_CUSTOM_VALUES, mergeCustomValues } from "@/flow/node/custom-data";

/** Sets values for which there is room, and says for which there was none. */
export async function setCustomData(
  { customData, log }: Pick<NodeContext, "customData" | "log">,
  before: CustomValues,
  changes: CustomValues,
): Promise<void> {
  const { ignored } = mergeCustomValues(before, changes);
  if (ignored.length > 0) log("warn", `An execution has ${MOST_CUSTOM_VALUES} values of custom data: ${ignored.join(", ")} found no room`);
  const room = Object.entries(changes).filter(([key]) => !ignored.includes(key));
  if (room.length > 0) await customData.write(Object.fromEntries(room));
}
