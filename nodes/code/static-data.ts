import { FatalError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";

type Storage = Pick<NodeContext, "storage">;

const KINDS = ["global", "node"] as const;

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** What code sees as `$getWorkflowStaticData('global')` and `('node')`. */
export async function readStaticData({ storage }: Storage): Promise<JsonObject> {
  const [global, node] = await Promise.all(KINDS.map((of) => storage.staticData.read(of)));
  return { global: global ?? {}, node: node ?? {} };
}

/**
 * Keeps what code has changed in place.
 * @param result What the prelude made of the code's value, with the field `staticData`. It comes out of the sandbox: code may have put anything in its place.
 */
export async function keepStaticData({ storage }: Storage, before: JsonObject, result: Json): Promise<void> {
  const { staticData } = isObject(result) ? result : {};
  if (!isObject(staticData)) throw new FatalError("The code broke what it keeps for the next execution");
  for (const of of KINDS) {
    const after = staticData[of];
    if (!isObject(after)) throw new FatalError("Static data must stay an object: change its fields, do not replace it");
    if (JSON.stringify(after) !== JSON.stringify(before[of])) await storage.staticData.write(of, after);
  }
}
