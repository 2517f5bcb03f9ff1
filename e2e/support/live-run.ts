import { type APIRequestContext, type BrowserContext, expect, type Page } from "@playwright/test";
import { formatCount, formatDuration, STATUS_LABELS } from "@/components/editor/format";
import { nodeStatuses } from "@/components/editor/live/node-status";
import type { ExecutionSnapshot } from "@/flow/execution/events";
import { viewOf } from "@/flow/execution/reduce";
import { call, signIn } from "./accounts";
import { Editor } from "./editor";
import type { RunningApp } from "./server";

interface Step {
  name: string;
  type: string;
  parameters: object;
}

const set = (name: string, value: string): Step => ({
  name,
  type: "set",
  parameters: { mode: "fields", include: "all", fields: [{ name: "said", type: "string", value }] },
});
const hold = (name: string): Step => ({ name, type: "wait", parameters: { resume: "approval", message: `${name}?` } });

/** Steps in a row, with waits that only the test ends, so that it decides what happens when. */
const STEPS: Step[] = [
  { name: "Begin", type: "manual-trigger", parameters: {} },
  set("First", "one"),
  { name: "Three items", type: "code", parameters: { code: "return [1, 2, 3].map((n) => ({ json: { n } }));" } },
  hold("Hold once"),
  set("Second", "two"),
  set("Third", "three"),
  { name: "A breath", type: "wait", parameters: { resume: "interval", amount: 1.5, unit: "seconds" } },
  set("Fourth", "four"),
  hold("Hold twice"),
  set("Fifth", "five"),
  set("Sixth", "six"),
  hold("Hold thrice"),
  set("Seventh", "seven"),
  set("Last", "the end"),
];

const graph = {
  nodes: STEPS.map(({ name, type, parameters }, index) => ({
    id: `n${index}`,
    name,
    type,
    version: 1,
    // Rows of five, so that all are on the screen.
    position: { x: (index % 5) * 220, y: Math.floor(index / 5) * 200 },
    parameters,
  })),
  edges: STEPS.slice(1).map((_, index) => ({
    id: `e${index}`,
    source: `n${index}`,
    sourceHandle: "main",
    target: `n${index + 1}`,
    targetHandle: "main",
  })),
  settings: {},
  variables: {},
};

async function ask<T>(request: APIRequestContext, procedure: string, input: unknown): Promise<T> {
  const answer = await request.get(`/api/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`);
  expect(answer.status(), `${procedure}: ${await answer.text()}`).toBe(200);
  return ((await answer.json()) as { result: { data: T } }).result.data;
}

/** A flow that runs in a page, and the database beside it. */
export class LiveRun {
  readonly editor: Editor;

  private constructor(
    readonly page: Page,
    private readonly request: APIRequestContext,
    readonly executionId: string,
  ) {
    this.editor = new Editor(page);
  }

  /** Signs in, makes the flow, opens it in the browser and presses Run. */
  static async start(app: RunningApp, context: BrowserContext, request: APIRequestContext): Promise<LiveRun> {
    await signIn(request, app.signIn);
    await context.addCookies((await request.storageState()).cookies);
    const flow = await call<{ id: string }>(request, "flows.create", { name: "Watched", graph });
    const page = await context.newPage();
    await page.goto(`/flows/${flow.id}`);
    await expect(new Editor(page).node("Last")).toBeVisible();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    let executionId: string | undefined;
    await expect
      .poll(async () => {
        const { executions } = await ask<{ executions: { id: string }[] }>(request, "executions.list", { flowId: flow.id });
        executionId = executions[0]?.id;
        return executionId;
      })
      .toBeDefined();
    return new LiveRun(page, request, executionId ?? "");
  }

  snapshot = (): Promise<ExecutionSnapshot> => ask(this.request, "executions.snapshot", { id: this.executionId });

  /** The database says that the step waits. */
  async untilWaiting(name: string): Promise<void> {
    const key = this.keyOf(name);
    const isWaiting = async () => viewOf(await this.snapshot()).visits.get(key)?.status;
    await expect.poll(isWaiting, { timeout: 20_000 }).toBe("waiting");
  }

  async untilEnded(): Promise<void> {
    await expect.poll(async () => (await this.snapshot()).execution.status, { timeout: 20_000 }).toBe("succeeded");
  }

  /** Approves in another window, so to speak: the page hears of it like everybody else. */
  async approve(name: string): Promise<void> {
    await call(this.request, "executions.resume", { id: this.executionId, key: this.keyOf(name), approved: true });
  }

  /** Every node of the canvas says what the database says: state, items and time. */
  async expectCanvasAsDatabase(timeout = 20_000): Promise<void> {
    const statuses = nodeStatuses(viewOf(await this.snapshot()));
    for (const [index, { name }] of STEPS.entries()) {
      const status = statuses.get(`n${index}`);
      const label = [
        name,
        status && STATUS_LABELS[status.status]?.toLowerCase(),
        status?.status === "succeeded" &&
          formatCount(
            status.counts.reduce((sum, count) => sum + count, 0),
            "item",
          ),
        status?.durationMs != null && formatDuration(status.durationMs),
      ];
      const node = this.editor.canvas.getByRole("button", { name: label.filter(Boolean).join(", "), exact: true });
      await expect(node).toBeVisible({ timeout });
    }
  }

  /** The page says that it is not connected. */
  get reconnecting() {
    return this.editor.run.getByText("Reconnecting…");
  }

  private keyOf = (name: string): string => `n${STEPS.findIndex((step) => step.name === name)}#0`;
}
