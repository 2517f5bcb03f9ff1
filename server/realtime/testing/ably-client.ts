import Ably from "ably";
import type { LiveEvent, StepRecord } from "@/flow/execution/events";
import type { LiveExecution } from "../bus";

export const API_KEY = "app.key:secret";

export const step = (seq: number, change: Partial<StepRecord> = {}): LiveEvent => ({
  type: "step",
  seq,
  step: {
    seq,
    key: `n${seq}#0`,
    nodeId: `n${seq}`,
    runIndex: 0,
    attempt: 1,
    status: "succeeded",
    counts: [1],
    error: null,
    startedAt: "2026-01-01T00:00:00.000Z",
    finishedAt: "2026-01-01T00:00:01.000Z",
    wakeAt: null,
    ...change,
  },
});

export const hint = (key: string, attempt = 1): LiveEvent => ({
  type: "hint",
  key,
  nodeId: key.split("#")[0] ?? "",
  runIndex: 0,
  attempt,
  startedAt: "2026-01-01T00:00:00.000Z",
});

export const execution = (change: Partial<LiveExecution> = {}): LiveExecution => ({
  organizationId: "org_1",
  flowId: "flow_1",
  executionId: "exec_1",
  mode: "manual",
  ...change,
});

export const settings = (port: number) => ({ apiKey: API_KEY, endpoint: "localhost", port, tls: false });

/** The real client as it runs in a browser, with tokens by `mint`. */
export const connect = (port: number, mint: () => string, options: Ably.ClientOptions = {}): Ably.Realtime =>
  new Ably.Realtime({
    endpoint: "localhost",
    port,
    tls: false,
    useBinaryProtocol: false,
    disconnectedRetryTimeout: 100,
    logLevel: 0,
    authCallback: (_, callback) => callback(null, mint()),
    ...options,
  });
