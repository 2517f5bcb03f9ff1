import { createHash, randomBytes } from "node:crypto";

/** What the SDK and an Inngest server say to each other, as far as the stand-in speaks it (inngest/inngest `docs/SDK_SPEC.md`). */

export interface InngestEvent {
  id: string;
  name: string;
  data: Record<string, unknown>;
  ts: number;
  user: Record<string, unknown>;
}

export interface SerializedError {
  name: string;
  message: string;
  stack?: string;
  cause?: unknown;
}

/** One operation of an SDK answer. */
export interface Op {
  id: string;
  op: string;
  name?: string;
  displayName?: string;
  data?: unknown;
  error?: SerializedError;
  opts?: {
    parallelMode?: string;
    event?: string;
    if?: string;
    timeout?: string;
    duration?: string;
    function_id?: string;
    payload?: { data?: Record<string, unknown>; user?: Record<string, unknown> };
  };
}

/** Memoised state of a step: null after a sleep or a wait that timed out, an event after one that did not. */
export type StepValue = { data: unknown } | { error: SerializedError } | InngestEvent | null;

/** A function as the SDK registers it. */
export interface FunctionConfig {
  id: string;
  name: string;
  triggers: { event?: string; expression?: string; cron?: string }[];
  steps: { step: { runtime: { url: string }; retries?: { attempts?: number } } };
  cancel?: { event: string; if?: string }[];
  concurrency?: number | ConcurrencyConfig | ConcurrencyConfig[];
  idempotency?: string;
  singleton?: { key?: string; mode?: "skip" | "cancel" };
}

export interface ConcurrencyConfig {
  limit: number;
  key?: string;
  scope?: "fn" | "env" | "account";
}

export const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");

/** The SDK's placeholder step id for the function itself. */
export const FUNCTION_STEP_ID = sha1("complete");

/** Opcodes that bring a result, as opposed to a plan. */
export const RESULT_OPS: ReadonlySet<string> = new Set(["StepRun", "Step", "StepError", "StepFailed", "RunComplete"]);

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function base32(value: bigint, length: number): string {
  let text = "";
  let rest = value;
  for (let position = 0; position < length; position++) {
    text = CROCKFORD[Number(rest % 32n)] + text;
    rest /= 32n;
  }
  return text;
}

/** A ULID: 48 bits of time, 80 random bits (or bits of `seed`, so that a repeated send gets the same id). */
export const ulid = (seed?: string): string => {
  const random = seed === undefined ? randomBytes(10).toString("hex") : sha1(seed).slice(0, 20);
  return base32(BigInt(Date.now()), 10) + base32(BigInt(`0x${random}`), 16);
};

export const toSerializedError = (error: Partial<SerializedError> | undefined): SerializedError => ({
  name: error?.name ?? "Error",
  message: error?.message ?? "Unknown error",
  ...(error?.stack !== undefined && { stack: error.stack }),
  ...(error?.cause !== undefined && { cause: error.cause }),
});
