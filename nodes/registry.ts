import type { NodeExecutor } from "@/flow/node/context";
import type { NodePoll } from "@/flow/node/poll";
import type { NodeRegistry } from "@/flow/node/registry";
import { definitionOf } from "./catalog";
import { executors } from "./executors";

/** The nodes that come with the product. An executor is loaded once; afterwards it is at hand without a promise. */
export function createNodeRegistry(): NodeRegistry {
  const loaded = new Map<string, NodeExecutor>();
  const loading = new Map<string, Promise<NodeExecutor>>();
  return {
    definition: definitionOf,
    executor(type) {
      const known = loaded.get(type);
      if (known) return known;
      const started = loading.get(type);
      if (started) return started;
      if (!Object.hasOwn(executors, type)) throw new Error(`There is no node of type "${type}"`);
      const load = (executors[type] as (typeof executors)[string])().then(
        ({ execute }) => {
          loaded.set(type, execute);
          loading.delete(type);
          return execute as NodeExecutor;
        },
        (error: unknown) => {
          loading.delete(type);
          throw error;
        },
      );
      loading.set(type, load);
      return load;
    },
  };
}

/** The one that a server shares: what it has loaded stays loaded. */
export const nodeRegistry: NodeRegistry = createNodeRegistry();

/** How a polling trigger asks what is new; undefined for every other type. */
export async function loadPoll(type: string): Promise<NodePoll | undefined> {
  if (!Object.hasOwn(executors, type)) return undefined;
  const { poll } = await (executors[type] as (typeof executors)[string])();
  return poll;
}
