import type { AnyNodeDefinition } from "@/flow/node/define-node";

/** Finds a kind of node by its type; undefined for a type that this version does not know. */
export type DefinitionLookup = (type: string) => AnyNodeDefinition | undefined;
