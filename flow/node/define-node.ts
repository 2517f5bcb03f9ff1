import type { z } from "zod";
import type { CredentialSlot } from "../credentials/types";
import type { Item, JsonObject, Outputs } from "../item";

/**
 * What running an operation twice means. `pure`: recomputed freely. `read`: asks the outside and changes nothing there.
 * `write`: changes something; everything before it is durable before it starts, and once it completed it never runs again.
 */
export type Effect = "pure" | "read" | "write";

/** What a visit of a node was given and gave. */
export interface NodeRun {
  /** Items by input handle. */
  readonly inputs: readonly (readonly Item[])[];
  readonly outputs: Outputs;
}

/** Visits of one node that are over, the earliest first; an index is a run index. */
export interface NodeRuns {
  readonly count: number;
  /** Undefined beyond the last run. Read when asked for: ask for no more than is needed. */
  run(index: number): NodeRun | undefined;
}

/** A named port of a node. Order is the order of `Outputs` and of a node's inputs. */
export interface HandleSpec {
  /** Stable identifier used by edges: `main`, `true`, `false`, `error`, `input1`, … */
  name: string;
  /** What the canvas shows beside the port; empty for a single port. */
  label?: string;
}

/** How an execution can start at an entry node. */
export type TriggerKind = "manual" | "webhook" | "schedule" | "form" | "chat" | "error" | "flow" | "event" | "poll";

export type NodeCategory = "trigger" | "data" | "logic" | "integration" | "code" | "flow";

/**
 * UI hints of one parameter, attached to its zod schema with `.meta({ title, description, ui })`. The inspector's form is
 * built from `z.toJSONSchema(definition.parameters)`, which carries them along.
 */
export interface FieldHints {
  /** Control to use where the JSON type alone does not say: default is by type (string: one line, boolean: switch, enum: select). */
  control?:
    | "text"
    | "textarea"
    | "code"
    | "json"
    | "select"
    | "switch"
    | "number"
    | "conditions"
    | "keyvalue"
    | "password"
    | "flow"
    | "template"
    | "hidden";
  /** Language of a `code` control. */
  language?: "javascript" | "typescript" | "json";
  placeholder?: string;
  /**
   * Of a `template` control, an expression that the node itself reads (with `expression: false`): what it knows besides what
   * all expressions know, `$response`, each with a few words.
   */
  roots?: Record<string, string>;
  /** Shown only when each named sibling parameter has one of the given values. */
  showIf?: Record<string, (string | number | boolean)[]>;
  /** `false`: the text is taken as it is; a leading `=` does not make it an expression. */
  expression?: false;
  /** Labels of enum values, in place of the bare value. */
  labels?: Record<string, string>;
  /**
   * What stands there at first depends on a sibling parameter: texts by its values. When the sibling changes, a text that nobody
   * has written upon is replaced.
   */
  examples?: { by: string; of: Record<string, string> };
  /** Seldom needed: the form shows it under "More options". */
  advanced?: true;
  /**
   * A node cannot run while this is empty, though its schema takes that: a node just placed is valid data. Publishing and
   * running are refused until it is filled in; while its `showIf` hides it, nothing is asked.
   */
  required?: true;
}

/** A kind of node: plain data and zod, safe in the browser. Executors are bound by type elsewhere. */
export interface NodeDefinition<P extends z.ZodObject = z.ZodObject> {
  /** Stable identifier, also the folder's name: `http-request`. */
  type: string;
  /** Current version of the parameters' shape. */
  version: number;
  name: string;
  description: string;
  category: NodeCategory;
  /** Name of a lucide icon in kebab-case. */
  icon: string;
  /** Schema of the parameters once expressions are resolved; every field has a default or is optional, so that a new node is valid data. */
  parameters: P;
  inputs: HandleSpec[] | ((parameters: JsonObject) => HandleSpec[]);
  outputs: HandleSpec[] | ((parameters: JsonObject) => HandleSpec[]);
  effect: Effect | ((parameters: JsonObject) => Effect);
  /**
   * `false` for a write that does harm when it is done twice, such as a message or a payment: an attempt whose end nobody saw is
   * then not made again, but a person decides. Absent: it can be repeated.
   */
  repeatable?: boolean | ((parameters: JsonObject) => boolean);
  /** Places for credentials; the form has a field for each. */
  credentials?: CredentialSlot[] | ((parameters: JsonObject) => CredentialSlot[]);
  /** Set on entry nodes: how an execution can start here. */
  trigger?: TriggerKind;
  /**
   * Of a polling trigger (`trigger: "poll"`), whose executor module exports `poll` (flow/node/poll.ts): the parameters that say what is
   * watched. When one of them or a credential changes, what was seen of the old source is forgotten.
   */
  watches?: readonly string[];
  /** `all`: the executor sees all items at once and `executeOnce` has no meaning. */
  docs?: string;
  /** Not offered for placing: only an import makes such nodes. */
  hidden?: true;
  /** Example items of the first output, shown before a node has run. */
  sample?: JsonObject[];
  /** Set on nodes whose work goes on where an earlier visit of theirs in the same execution left it: loops. */
  loops?: {
    /** What expressions read as `$('Name').context`. */
    context(runs: NodeRuns): JsonObject;
  };
  /** Upgrades parameters saved with version `n` to `n + 1`, by `n`. */
  migrations?: Record<number, (parameters: JsonObject) => JsonObject>;
}

/** Identity with inference: the type of a node's parameters follows from its schema. */
export const defineNode = <P extends z.ZodObject>(definition: NodeDefinition<P>): NodeDefinition<P> => definition;

const handles = (spec: HandleSpec[] | ((parameters: JsonObject) => HandleSpec[]), parameters: JsonObject): HandleSpec[] =>
  typeof spec === "function" ? spec(parameters) : spec;

/** A definition with its parameter type forgotten, as catalogs hold them. */
// biome-ignore lint/suspicious/noExplicitAny: variance: a list holds definitions of any parameter type
export type AnyNodeDefinition = NodeDefinition<any>;

export const inputHandles = (definition: AnyNodeDefinition, parameters: JsonObject): HandleSpec[] => handles(definition.inputs, parameters);

/** Output ports of a placed node; the `error` port exists while the node's `onError` is `errorOutput`, and is always last. */
export const outputHandles = (
  definition: AnyNodeDefinition,
  node: { parameters: JsonObject; settings?: { onError?: string } },
): HandleSpec[] => {
  const regular = handles(definition.outputs, node.parameters);
  return node.settings?.onError === "errorOutput" ? [...regular, { name: "error", label: "Error" }] : regular;
};

/** Places for credentials of a node with these parameters. */
export const credentialSlots = (definition: AnyNodeDefinition, parameters: JsonObject): CredentialSlot[] =>
  typeof definition.credentials === "function" ? definition.credentials(parameters) : (definition.credentials ?? []);

export const isRepeatable = ({ repeatable = true }: AnyNodeDefinition, parameters: JsonObject): boolean =>
  typeof repeatable === "function" ? repeatable(parameters) : repeatable;

export const effectOf = (definition: AnyNodeDefinition, parameters: JsonObject): Effect =>
  typeof definition.effect === "function" ? definition.effect(parameters) : definition.effect;
