import type { Item, JsonObject } from "../item";
import type { Allowance } from "./allowance";

/** What a named node has given so far, as seen from the visit that evaluates. */
export interface NodeData {
  /** Items of one output of its latest (or given) run; undefined when it has not run. */
  items(output?: number, run?: number): readonly Item[] | undefined;
  /** The item that the current one was made from, by lineage; throws an `ExpressionError` that says why when there is none. */
  pairedItem(itemIndex: number): Item;
  readonly parameters: JsonObject;
  /** What a node tells about its own course (`noItemsLeft`, `currentRunIndex` of a loop). */
  readonly context?: JsonObject;
  /** The node has run in this execution. */
  readonly isExecuted: boolean;
  /** Runs so far. */
  readonly runs: number;
}

/**
 * Everything that expressions of one visit can read. The evaluator builds `$json`, `$input`, `$('Name')`, … over it;
 * it never hands the object itself, or any function of it, to the expression.
 */
export interface ExpressionScope {
  /** Items of the first input. */
  readonly items: readonly Item[];
  /** Items by input handle. */
  readonly inputs: readonly (readonly Item[])[];
  readonly runIndex: number;
  /** Undefined for a name that is not in the graph. */
  node(name: string): NodeData | undefined;
  readonly nodeNames: readonly string[];
  /** The node that gave the first input; null for an entry node. */
  readonly previousNode: { name: string; outputIndex: number; runIndex: number } | null;
  /** Unresolved parameters of the node itself (`$parameter`). */
  readonly parameters: JsonObject;
  /** Of the node's parameters' shape (`$nodeVersion`). */
  readonly nodeVersion?: number;
  readonly variables: JsonObject;
  readonly workflow: { id: string; name: string; active: boolean };
  readonly execution: { id: string; mode: "test" | "production"; resumeUrl: string; resumeFormUrl?: string };
  /** What the execution says of itself (`$execution.customData`). */
  readonly customData?: Readonly<Record<string, string>>;
  /** Allowlisted environment (`$env`). */
  readonly env: Readonly<Record<string, string>>;
  /** Organization variables (`$vars`). */
  readonly vars: Readonly<Record<string, string>>;
  /** What started the execution: first trigger item's json. */
  readonly trigger: JsonObject;
  /** Milliseconds since the epoch that `$now` stands at; stable within a visit. */
  readonly now: number;
  /** IANA zone. */
  readonly timezone: string;
  /** What all evaluations of the visit may take together; without it only each has its limit. */
  readonly allowance?: Allowance;
  /** Further variables that a node brings along, by name: `$response`, `$pageCount`, … */
  readonly extra?: JsonObject;
}
