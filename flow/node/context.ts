import type { StepError } from "../execution/errors";
import type { ExecutionMode } from "../execution/status";
import type { FormEnding, FormPage } from "../forms/form-page";
import type { Binary, Item, Json, JsonObject, Outputs } from "../item";
import type { ResolvedAction } from "../tools/schema";
import type { Connect } from "./connection";
import type { CustomData } from "./custom-data";
import type { NodeRuns } from "./define-node";
import type { FlowStorage } from "./storage";

/** One outgoing request of a node. Everything leaves through the guarded client behind this port. */
export interface HttpRequest {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Milliseconds until the whole exchange is given up. */
  timeoutMs?: number;
  followRedirects?: boolean;
  maxRedirects?: number;
  /** Bytes; a longer response fails. */
  maxResponseBytes?: number;
  /** Accepts certificates that can't be verified. */
  ignoreTlsErrors?: boolean;
  /**
   * Name of the node's credential slot whose credential the client adds: header, query, basic, bearer or OAuth token. It goes
   * to hosts that it is bound to only. An empty slot that is not required adds nothing.
   */
  credential?: string;
  /**
   * Texts in URL, headers and body that stand for fields of that credential, by text: `{ "⟦9f2c…⟧": "access_token" }`. The client
   * fills them in behind the executor's back. Draw them anew at random for each request, so that no data can contain them.
   */
  credentialFields?: Record<string, string>;
  /** The credential's keys sign the request (AWS Signature 4), in place of being added to it. */
  awsSignature?: { service: string; region: string };
}

export interface HttpResponse {
  status: number;
  statusText: string;
  /** Lower-case names; repeated headers joined with `, `. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** After redirects. */
  url: string;
}

export interface HttpClient {
  /** Resolves for every status. Rejects with a `FatalError` for a forbidden address and an `Error` for a network failure or time-out. */
  request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
}

/** An address that may be connected to. */
export interface CheckedHost {
  address: string;
  family: 4 | 6;
}

/** User code runs only behind this port. */
export interface Sandbox {
  /**
   * Runs the body of an async function. `globals` become its free variables (JSON copies).
   * Rejects with a `FatalError` that carries the user's error message, a time limit or a memory limit.
   */
  run(job: SandboxJob, signal?: AbortSignal): Promise<SandboxResult>;
}

export const SANDBOX_LANGUAGES = ["javascript", "typescript", "python", "go", "rust"] as const;
export type SandboxLanguage = (typeof SANDBOX_LANGUAGES)[number];

export interface SandboxJob {
  language: SandboxLanguage;
  code: string;
  globals: JsonObject;
  /**
   * Trusted code of the engine's language that defines helpers; of Python, `begin(scope, globals)`, which fills the code's scope and
   * gives what calls it. It runs before the globals are there, once for many jobs: what a helper does with
   * them, it does when the code calls it. Keep it the same text for all jobs.
   */
  prelude?: string;
  /** Libraries that JavaScript finds under their global names; the prelude runs after them. */
  libraries?: readonly ("alasql" | "luxon" | "jmespath")[];
  timeoutMs?: number;
  /** In this installation's own sandbox, or in a container of Daytona's. Absent: its own where that runs the language. */
  runIn?: "embedded" | "daytona";
  /**
   * Of Daytona: one call that waits, a session that is asked every so often whether it has ended, or one that goes on by itself
   * (`none`), whose id is the result. Absent: one call.
   */
  wait?: "sync" | "none" | { pollIntervalMs: number; maxPollAttempts: number };
  /** Of Daytona: id of a session that goes on by itself, whose result is wanted. No code is run then. */
  session?: string;
  /** Whose job it is. Sessions open for the organization alone that began them. */
  organizationId?: string;
}

export interface SandboxResult {
  /** Null for a session that goes on by itself. */
  value: Json;
  sessionId?: string;
  logs: { level: "info" | "warn" | "error"; message: string }[];
}

/** An answer to the HTTP request that started the execution. */
export interface WebhookResponse {
  status: number;
  headers: Record<string, string>;
  /** Text, or base64 when `bodyIsBase64`. */
  body: string;
  bodyIsBase64?: boolean;
}

/** What a node waits for before the nodes after it run. */
export type Suspension =
  /** Until an instant (ISO 8601); the step's outputs then pass on. */
  | { kind: "sleep"; until: string }
  /** For a call of the resume URL or a decision in the app; its payload becomes the output. */
  | {
      kind: "event";
      event: "resume" /** ISO 8601; afterwards the step's own outputs pass on. */;
      until?: string;
      form: "webhook" | "approval";
      message?: string;
    }
  /** For somebody to fill in a page of the execution's form; the answers become the output. */
  | { kind: "event"; event: "resume"; form: "form"; until?: string /** Absent where it is planned with. */; page?: FormPage }
  /**
   * For a named event of the organization whose data has `value` at `path` (empty: any); it becomes the output.
   * One that came since the execution began counts.
   */
  | { kind: "event"; event: "named"; name: string; path: string; value: string; until?: string; form: "event" }
  /** For the executions that this attempt started with `wait`; the same attempt then runs again and finds them ended. */
  | { kind: "flows"; attempt: number /** How many there are. */; started: number; until?: undefined };

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Names an action by its keys. */
export interface ActionReference {
  tool: string;
  action: string;
}

/** Which state of an action a step called. */
export interface ActionRun extends ActionReference {
  version: number;
}

export interface NodeResult {
  outputs: Outputs;
  suspend?: Suspension;
  response?: WebhookResponse;
  /** The action that was called: journaled, since actions change. */
  ran?: ActionRun;
  /** What whoever fills in the execution's form reads from now on. */
  ending?: FormEnding;
}

/** An execution of another flow, started by a step. */
export interface FlowCall {
  /** Id of a flow of the organization, or the graph itself. */
  flow: { id: string } | { graph: Json };
  items: Item[];
  /** Tells the calls of one attempt apart: a second call with the same index starts nothing. */
  index: number;
  /** The step waits for it: it ends with the execution that started it. */
  wait: boolean;
}

/** How a started execution ended. */
export interface FlowOutcome {
  status: "succeeded" | "failed" | "cancelled" | "timed_out";
  /** What its last node gave. */
  items: Item[];
  error: StepError | null;
}

/** Starts executions of other flows. */
export interface FlowStarter {
  /**
   * Started once per attempt of the step and index, however often the attempt runs.
   * @throws FatalError for a flow that does not exist, cannot be called or is nested too deep
   */
  start(call: FlowCall): Promise<{ executionId: string }>;
  /** Null while it has not ended. */
  outcome(executionId: string): Promise<FlowOutcome | null>;
}

/** The visit's place in the execution, and the execution's in the world. */
export interface ExecutionInfo {
  id: string;
  mode: ExecutionMode;
  flowId: string;
  flowName: string;
  organizationId: string;
  /** Where a call resumes a waiting step of this execution; signed, valid for this execution only. */
  resumeUrl: string;
  /** Where people fill in the pages of the execution's form. Absent where there is no server. */
  formUrl?: string | undefined;
  /** Id of the person who started it; null when a trigger, a program or another flow did. Absent where there are no people. */
  startedBy?: () => Promise<string | null>;
}

/** Everything through which an executor may touch the world. */
export interface NodeContext<P = JsonObject> {
  readonly node: { id: string; name: string; type: string; parameters: JsonObject };
  readonly execution: ExecutionInfo;
  readonly runIndex: number;
  /** 1-based. */
  readonly attempt: number;
  /** No further attempt follows when this one fails. Absent: it is not known, which counts as the last. */
  readonly lastAttempt: boolean;
  /** The node's `onError` is not `stop`: an error about one item becomes that item's `error` and the others go on (see `mapItems`). */
  readonly continueOnFail: boolean;
  /** Earlier visits of this node in the execution; only for definitions that loop (`loops`), else none. */
  readonly earlierRuns: NodeRuns;
  /** Items by input handle, in the definition's order; `inputs[0]` is `items`. */
  readonly inputs: readonly (readonly Item[])[];
  readonly items: readonly Item[];
  /** Parameters with expressions resolved for one item and checked; throws `ParameterError`. */
  parameters(itemIndex: number): P;
  /** Evaluates one template (`={{ … }}`) for an item, outside of the parameters; `extra` are further variables, by name. */
  evaluate(template: string, itemIndex: number, extra?: JsonObject): unknown;
  /** Data that user code may refer to: what `$('Name')`, `$json`, … read, as plain JSON, for the named nodes. */
  scopeData(nodeNames: readonly string[]): Promise<ScopeData>;
  readonly http: HttpClient;
  /**
   * The fields (host, user, password, …) of the credential in a slot, for protocols that are not HTTP; null when none is
   * chosen. Whatever it gave is redacted from the step's data, errors and logs. For HTTP use `HttpRequest.credential`.
   */
  credential(slot: string): Promise<Record<string, string> | null>;
  readonly sandbox: Sandbox;
  /**
   * An action of a tool, of the organization's or of the catalog, by their keys.
   * @throws FatalError when there is none
   */
  action(reference: ActionReference): Promise<ResolvedAction>;
  /** What the flow keeps from one execution to the next. */
  readonly storage: FlowStorage;
  /** What the execution says of itself. */
  readonly customData: CustomData;
  /**
   * The address to connect to for protocols that are not HTTP. Connect to the address, not to the name, which could mean another
   * one by then; with TLS give the name as the server's. Rejects with a `FatalError` for a forbidden address.
   */
  checkHost(host: string, port: number): Promise<CheckedHost>;
  /** An open connection to such an address, for what takes a socket and dials nothing itself. Close it in the end; an abort of `signal` does. */
  connect: Connect;
  readonly flows: FlowStarter;
  /** Aborts when the execution is cancelled or the step times out. */
  readonly signal: AbortSignal;
  /** The same in all attempts of this visit and item; unique per execution lineage, node, visit and item. */
  idempotencyKey(itemIndex: number): string;
  log(level: LogLevel, message: string, data?: JsonObject): void;
  /** Bytes of a binary, wherever they are kept. */
  readBinary(binary: Binary): Promise<Uint8Array>;
  /** Keeps bytes, inline when small. */
  writeBinary(bytes: Uint8Array, info: { mimeType: string; fileName?: string }): Promise<Binary>;
}

/** Plain data for user code. */
export interface ScopeData {
  nodes: Record<string, { items: Item[]; parameters: JsonObject }>;
  variables: JsonObject;
  execution: JsonObject;
  workflow: JsonObject;
  prevNode: JsonObject;
  runIndex: number;
  /** ISO 8601 with the flow's zone. */
  now: string;
  timezone: string;
}

/** What a node does. Returned lists are by output handle; a bare result carries a wait or an answer as well. */
export type NodeExecutor<P = JsonObject> = (context: NodeContext<P>) => Promise<Outputs | NodeResult> | Outputs | NodeResult;
