import { isTerminal, isTerminalStep } from "@/flow/execution/status";
import type { LiveBus } from "../realtime/bus";
import { Counter, Histogram } from "./instruments";

const create = () => ({
  executions: new Counter("tolstoy_executions_total", "Executions that ended in this process, by status."),
  steps: new Histogram(
    "tolstoy_step_duration_seconds",
    "Attempts of steps that ended in this process, by status.",
    [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
  ),
  stepTimes: new Histogram("step_execution_seconds", "Attempts of steps, by flow and node.", [0.1, 0.5, 1, 5, 10]),
  stepRetries: new Counter("step_retries_total", "Attempts of steps that failed and are made again."),
  stepErrors: new Counter("step_errors_total", "Steps that failed for good."),
  actions: new Counter("action_executions_total", "Calls of actions of tools, in flows and outside of them, by status."),
  actionTimes: new Histogram("action_execution_duration_seconds", "Seconds that calls of actions took.", [0.1, 0.5, 1, 2, 5, 10, 30]),
  actionCredentials: new Counter("action_auth_injection_total", "Credentials that requests of actions were given, or could not be."),
  oauthFlows: new Counter("auth_oauth_flows_total", "Accounts that people and programs began to connect, by how it ended."),
  tokenRefreshes: new Counter("auth_token_refresh_total", "Refreshes of access tokens, by how they ended."),
  credentials: new Counter("auth_credential_injection_total", "Credentials that requests of steps were given."),
  requests: new Counter("http_requests_total", "Requests that this process answered, by route, method and status."),
  requestTimes: new Histogram("http_request_duration_seconds", "Seconds until a request was answered.", [0.01, 0.05, 0.1, 0.5, 1, 2, 5]),
});

// The framework bundles entry points apart: a module variable would be one set of counts per bundle.
const holder = globalThis as unknown as { tolstoyMetrics?: ReturnType<typeof create> };
holder.tolstoyMetrics ??= create();
export const metrics = holder.tolstoyMetrics;

/** Counts what executions and steps come to, once it is durable. @returns stops counting */
export function recordExecutions(bus: Pick<LiveBus, "subscribeAll">): () => void {
  return bus.subscribeAll(({ organizationId: orgId, flowId }, events) => {
    for (const event of events) {
      if (event.type === "execution" && isTerminal(event.execution.status)) metrics.executions.add({ status: event.execution.status });
      if (event.type !== "step" || !isTerminalStep(event.step.status)) continue;
      const { startedAt, finishedAt, status, nodeId, wakeAt } = event.step;
      // By node: a loop visits one as often as it likes.
      const labels = { orgId, flowId, stepKey: nodeId };
      if (status === "failed") (wakeAt === null ? metrics.stepErrors : metrics.stepRetries).add(labels);
      if (!startedAt || !finishedAt) continue;
      const seconds = Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000;
      metrics.steps.observe({ status }, seconds);
      metrics.stepTimes.observe(labels, seconds);
    }
  });
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const patterns = new WeakMap<object, string>();

/** Says by which pattern of ours a request was answered: what `counted` names its route by. */
export const nameRoute = (request: object, pattern: string): void => void patterns.set(request, pattern);

/** A route handler whose answers are counted: by the pattern that it names, else under the name of its class of routes. */
export function counted<R extends { readonly method: string }, A extends unknown[]>(
  route: "rest" | "trpc" | "webhook",
  handler: (request: R, ...rest: A) => Promise<Response>,
): (request: R, ...rest: A) => Promise<Response> {
  return async (request, ...rest) => {
    const began = performance.now();
    const method = METHODS.has(request.method) ? request.method : "other";
    let status = 500;
    try {
      const response = await handler(request, ...rest);
      status = response.status;
      return response;
    } finally {
      const named = { route: patterns.get(request) ?? route, method };
      metrics.requests.add({ ...named, status: String(status) });
      metrics.requestTimes.observe(named, (performance.now() - began) / 1_000);
    }
  };
}
