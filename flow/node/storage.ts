import type { Json, JsonObject } from "../item";

/**
 * Whose values they are: of the flow (default), of this node of the flow, or of the organization, where all its flows see them.
 */
export type StorageScope = "flow" | "node" | "organization";

export interface StorageEntry {
  key: string;
  value: Json;
}

/**
 * What a flow keeps from one execution to the next. Writes count at once, whatever becomes of the execution; a step that is run
 * again after a crash writes again. Keys that begin with `$` belong to the product's own nodes.
 *
 * All reject with a `FatalError` for a key or value beyond the limits: 512 characters, 1 MiB of JSON, 10,000 entries and 50 MiB
 * in all for a flow, and the same for what an organization shares.
 */
export interface FlowStorage {
  /** Undefined where nothing is kept. */
  get(key: string, scope?: StorageScope): Promise<Json | undefined>;
  set(key: string, value: Json, scope?: StorageScope): Promise<void>;
  /** @returns whether there was something */
  delete(key: string, scope?: StorageScope): Promise<boolean>;
  /** Entries whose keys begin with `prefix`, by key; at most 1,000. */
  list(prefix?: string, scope?: StorageScope): Promise<StorageEntry[]>;
  /**
   * Changes a value in one piece, whoever else changes it meanwhile: `change` may be called several times, each with what is kept then.
   * What it returns is kept; `undefined` deletes. @returns what is kept afterwards
   */
  update(key: string, change: (value: Json | undefined) => Json | undefined, scope?: StorageScope): Promise<Json | undefined>;
  readonly staticData: StaticData;
}

/**
 * n8n's static data: an object of the flow (`global`) and one of each node. What is written is there for later nodes of the same
 * execution, and for later executions once this one, unless a person started it by hand, has succeeded.
 */
export interface StaticData {
  /** A step that is run again reads what it read the first time. */
  read(of: "global" | "node"): Promise<JsonObject>;
  write(of: "global" | "node", value: JsonObject): Promise<void>;
}
