import { expect, it } from "vitest";
import { withConfig } from "./flow-config";

const graph = { nodes: [], edges: [], settings: { timezone: "Europe/Berlin", timeoutMs: 5 } };

it("takes limits of executions from a request's configuration", () => {
  const body = {
    config: {
      execution: { concurrency: 5, timeout: 300_000, retryPolicy: { maxRetries: 5, backoffStrategy: "exponential", baseDelayMs: 1000 } },
    },
  };
  expect(withConfig(graph, body).settings).toEqual({
    timezone: "Europe/Berlin",
    concurrency: { limit: 5, overlap: "queue" },
    timeoutMs: 300_000,
    retryPolicy: { maxAttempts: 6, backoff: "exponential", waitMs: 1000 },
  });
});

it("leaves a graph alone when the request says nothing of executions", () => {
  expect(withConfig(graph, { config: { somethingElse: true } })).toBe(graph);
  expect(withConfig(undefined, {})).toBeUndefined();
});

it.each([
  { concurrency: 0 },
  { timeout: "soon" },
  { retryPolicy: { maxRetries: 100 } },
  { retryPolicy: { maxRetries: 1, backoffStrategy: "sometimes" } },
  { unheardOf: 1 },
])("refuses %j", (execution) => {
  expect(() => withConfig(graph, { config: { execution } })).toThrow(expect.objectContaining({ code: "invalid" }));
});
