import type { NodeExecutor } from "./context";
import type { AnyNodeDefinition } from "./define-node";

/** What the core knows of node types: where definitions and executors are found is the caller's business. */
export interface NodeRegistry {
  /** Undefined for an unknown type. */
  definition(type: string): AnyNodeDefinition | undefined;
  /** Loads the executor of a known type. */
  executor(type: string): Promise<NodeExecutor> | NodeExecutor;
}
