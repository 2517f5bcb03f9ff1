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
  requests: new Counter("http_requests_total", "Requests that this process answered, by class of route, method and status."),
  requestTimes: new Histogram("http_request_duration_seconds", "Seconds until a request was answered.", [0.01, 0.05, 0.1, 0.5, 1, 2, 5]),
});

// The framework bundles entry points apart: a module variable would be one set of counts per bundle.
const holder = globalThis as unknown as { tolstoyMetrics?: ReturnType<typeof create> };
holder.tolstoyMetrics ??= create();
export const metrics = holder.tolstoyMetrics;

/** Counts what executions and steps come to, once it is durable. @returns stops counting */
export function recordExecutions(bus: Pick<LiveBus, "subscribeAll">): () => void {
  return bus.subscribeAll((_execution, events) => {
    for (const event of events) {
      if (event.type === "execution" && isTerminal(event.execution.status)) metrics.executions.add({ status: event.execution.status });
      if (event.type !== "step" || !isTerminalStep(event.step.status)) continue;
      const { startedAt, finishedAt, status } = event.step;
      if (startedAt && finishedAt) metrics.steps.observe({ status }, Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000);
    }
  });
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A route handler whose answers are counted under the name of its class of routes. */
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
      metrics.requests.add({ route, method, status: String(status) });
      metrics.requestTimes.observe({ route, method }, (performance.now() - began) / 1_000);
    }
  };
}
