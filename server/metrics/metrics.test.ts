import { beforeEach, describe, expect, it } from "vitest";
import { FatalError } from "@/flow/execution/errors";
import type { LiveEvent } from "@/flow/execution/events";
import type { NodeContext, NodeExecutor, NodeResult } from "@/flow/node/context";
import type { LiveBus } from "../realtime/bus";
import { Counter, Histogram } from "./instruments";
import { measuredActions } from "./measured-actions";
import { counted, metrics, nameRoute, recordExecutions } from "./metrics";

describe("an instrument", () => {
  it("keeps the labels' words once it is full, and puts all further ids together", () => {
    const counter = new Counter("calls_total", "Calls.", 2);
    for (const orgId of ["a", "b", "c", "d"]) counter.add({ orgId, status: "success" });
    counter.add({ orgId: "c", status: "error" });
    counter.add({ orgId: "a", status: "success" });
    expect(counter.lines().slice(1)).toEqual([
      'calls_total{orgId="a",status="success"} 2',
      'calls_total{orgId="b",status="success"} 1',
      'calls_total{orgId="other",status="success"} 2',
      'calls_total{orgId="other",status="error"} 1',
    ]);
  });

  it("has a bounded number of lines however many ids there are, and no long ones", () => {
    const histogram = new Histogram("seconds", "Seconds.", [1], 10);
    for (let index = 0; index < 10_000; index++) histogram.observe({ flowId: `flow_${index}` }, index);
    histogram.observe({ flowId: "x".repeat(100_000) }, 1);
    expect(histogram.lines()).toHaveLength(1 + 11 * 4);
    expect(histogram.lines().join("").length).toBeLessThan(5_000);
    expect(histogram.lines()).toContain('seconds_count{flowId="other"} 9991');
  });

  it("writes any text as one line that scrapers can read", () => {
    const counter = new Counter("calls_total", "Calls.");
    counter.add({ toolKey: 'a"b\\c\nd{}' });
    expect(counter.lines()[1]).toBe('calls_total{toolKey="a\\"b\\\\c\\nd{}"} 1');
  });
});

/** Lines of an instrument that name this organization. */
const of = (orgId: string, { lines }: { lines: () => string[] }): string[] => lines().filter((line) => line.includes(`orgId="${orgId}"`));
let orgId: string;
let next = 0;
beforeEach(() => {
  orgId = `org_${++next}`;
});

describe("steps", () => {
  it("are counted by organization, flow and node: what is tried again apart from what has failed", () => {
    let tell: (events: LiveEvent[]) => void = () => {};
    const bus: Pick<LiveBus, "subscribeAll"> = {
      subscribeAll(listener) {
        tell = (events) => listener({ organizationId: orgId, flowId: "flow_1", executionId: "exec_1", mode: "manual" }, events);
        return () => {};
      },
    };
    recordExecutions(bus);
    const step = { key: "call#7", nodeId: "call", runIndex: 7, counts: null, error: null };
    const times = { startedAt: "2026-01-01T00:00:00.000Z", finishedAt: "2026-01-01T00:00:00.200Z" };
    tell([
      { type: "step", seq: 1, step: { ...step, ...times, seq: 1, attempt: 1, status: "failed", wakeAt: "2026-01-01T00:00:01.000Z" } },
      { type: "step", seq: 2, step: { ...step, ...times, seq: 2, attempt: 2, status: "failed", wakeAt: null } },
    ]);
    const labels = `{orgId="${orgId}",flowId="flow_1",stepKey="call"}`;
    expect(of(orgId, { lines: () => metrics.stepRetries.lines() })).toEqual([`step_retries_total${labels} 1`]);
    expect(of(orgId, { lines: () => metrics.stepErrors.lines() })).toEqual([`step_errors_total${labels} 1`]);
    expect(metrics.stepTimes.lines()).toContain(
      `step_execution_seconds_bucket{orgId="${orgId}",flowId="flow_1",stepKey="call",le="0.5"} 2`,
    );
  });
});

describe("actions in flows", () => {
  const registry = (execute: NodeExecutor) => measuredActions({ definition: () => undefined, executor: () => execute });
  const context = () =>
    ({
      execution: { organizationId: orgId },
      action: async () => ({ key: "create-issue", tool: { key: "github" } }),
    }) as unknown as NodeContext;
  const run = async (execute: NodeExecutor, type = "action") => (await registry(execute).executor(type))(context());
  const counts = () => of(orgId, { lines: () => metrics.actions.lines() });
  const line = (status: string, count: number, keys = 'toolKey="github",actionKey="create-issue"') =>
    `action_executions_total{orgId="${orgId}",${keys},status="${status}"} ${count}`;

  it("are counted by what they came to", async () => {
    const result = (error?: Error): NodeResult => ({
      outputs: [[{ json: {}, ...(error && { error: { name: "Error", message: "no" } }) }]],
    });
    const calling =
      (error?: Error): NodeExecutor =>
      async (given) => {
        await given.action({ tool: "github", action: "create-issue" });
        return result(error);
      };
    await run(calling());
    await run(calling());
    await run(calling(new Error("goes on")));
    expect(counts()).toEqual([line("success", 2), line("error", 1)]);
    expect(metrics.actionTimes.lines()).toContain(
      `action_execution_duration_seconds_count{orgId="${orgId}",toolKey="github",actionKey="create-issue"} 3`,
    );
  });

  it("are counted as failed when they throw, without whatever text should have been a key", async () => {
    const failing: NodeExecutor = async () => {
      throw new FatalError('There is no tool "a secret"');
    };
    await expect(run(failing)).rejects.toThrow();
    expect(counts()).toEqual([line("error", 1, 'toolKey="unknown",actionKey="unknown"')]);
  });

  it("are the only nodes that are counted so", async () => {
    await run(async () => [[]], "set");
    expect(counts()).toEqual([]);
  });
});

it("a request is counted by the pattern that answered it, never by its address", async () => {
  const handler = counted("rest", async (request: Request) => {
    nameRoute(request, "/api/v1/metered/:id");
    return new Response(null, { status: 204 });
  });
  await handler(new Request("http://localhost/api/v1/metered/secret-id?token=secret"));
  const lines = metrics.requests.lines();
  expect(lines).toContain('http_requests_total{route="/api/v1/metered/:id",method="GET",status="204"} 1');
  expect(lines.join("\n")).not.toContain("secret");
});
