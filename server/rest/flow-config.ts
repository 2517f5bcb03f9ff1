import { z } from "zod";
import { concurrencySchema, debounceSchema, type FlowSettings, retryPolicySchema, throttleSchema } from "@/flow/graph/schema";
import { parse } from "../services/parse";

const retrySchema = z.object({
  /** Not counting the first attempt. */
  maxRetries: z.number().int().min(0).max(19).default(3),
  backoffStrategy: z.enum(["fixed", "exponential"]).default("exponential"),
  /** Milliseconds. */
  baseDelayMs: z.number().int().min(0).max(86_400_000).default(1000),
});

const configSchema = z.object({
  config: z
    .object({
      execution: z
        .object({
          /** A number is the limit; the others queue. */
          concurrency: z.union([z.number().int().min(1).max(10_000), concurrencySchema]).optional(),
          debounce: debounceSchema.optional(),
          throttle: throttleSchema.optional(),
          /** Milliseconds. */
          timeout: z.number().int().min(1).optional(),
          priority: z.number().int().min(-100).max(100).optional(),
          retryPolicy: z.union([retryPolicySchema.strict(), retrySchema.strict()]).optional(),
        })
        .strict()
        .optional(),
    })
    .optional(),
});

/**
 * A graph with what a request's `config.execution` says of its executions: `concurrency`, `timeout`, `retryPolicy` and the others,
 * over the graph's own settings.
 * @throws ServiceError `invalid`
 */
export function withConfig<G>(graph: G, body: unknown): G {
  const execution = parse(configSchema, body).config?.execution;
  if (!execution || typeof graph !== "object" || graph === null) return graph;
  const { concurrency, timeout, retryPolicy, ...same } = execution;
  const settings: FlowSettings = {
    ...(graph as { settings?: FlowSettings }).settings,
    ...same,
    ...(concurrency !== undefined && {
      concurrency: typeof concurrency === "number" ? { limit: concurrency, overlap: "queue" as const } : concurrency,
    }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(retryPolicy && { retryPolicy: "maxRetries" in retryPolicy ? attemptsOf(retryPolicy) : retryPolicy }),
  };
  return { ...graph, settings };
}

const attemptsOf = ({ maxRetries, backoffStrategy, baseDelayMs }: z.output<typeof retrySchema>) => ({
  maxAttempts: maxRetries + 1,
  backoff: backoffStrategy,
  waitMs: baseDelayMs,
});
