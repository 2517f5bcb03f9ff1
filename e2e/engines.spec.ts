import { execFileSync } from "node:child_process";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, test } from "@playwright/test";
import type { FlowFile } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { startInngestServer } from "./support/inngest-server/server";
import { type RunningApp, startApp } from "./support/server";

// The built product over its API, once on each engine; needs no browser.
test.describe.configure({ mode: "serial", timeout: 240_000 });

interface Execution {
  status: string;
  error: { message: string } | null;
  steps?: { key: string; nodeId: string; status: string }[];
}

/** Calls of the product's API with a key of its own. */
function client(app: RunningApp) {
  const command = path.resolve(import.meta.dirname, "../cli/tolstoy.mjs");
  const printed = execFileSync(process.execPath, [command, "apikey", "create", "--org", "demo"], {
    env: { ...process.env, DATA_DIR: app.dataDirectory },
    encoding: "utf8",
  });
  const key = printed.trim().split("\n").at(-1);
  const call = async <T>(method: string, route: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${app.url}/api/v1${route}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    expect(response.ok, `${method} ${route}: ${response.status} ${text}`).toBe(true);
    return JSON.parse(text) as T;
  };
  const execution = (id: string) => call<Execution>("GET", `/executions/${id}`);
  return {
    call,
    execution,
    flow: async (name: string) => {
      const { flows } = await call<{ flows: { id: string; name: string }[] }>("GET", "/flows");
      return flows.find((flow) => flow.name === name)!.id;
    },
    until: (id: string, status: string) => expect.poll(async () => (await execution(id)).status, { timeout: 60_000 }).toBe(status),
  };
}

/**
 * Counts calls by path: what the outside saw.
 * @param held answers come once this has resolved
 */
async function outside(held: Promise<void> = Promise.resolve()) {
  const seen = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const name = request.url ?? "";
    seen.set(name, (seen.get(name) ?? 0) + 1);
    void held.then(() => response.setHeader("content-type", "application/json").end("{}"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { seen, address: `127.0.0.1:${port}`, close: () => server.close() };
}

interface Placed {
  id: string;
  name: string;
  type: string;
  parameters: JsonObject;
  settings?: { unclear: "repeat" };
}

/** Five writes in a line, with a pure step between each two. */
const writes = (address: string): FlowFile => {
  const nodes: Placed[] = [
    { id: "in", name: "Start", type: "manual-trigger", parameters: {} },
    ...[1, 2, 3, 4, 5].flatMap((step): Placed[] => [
      {
        id: `write${step}`,
        name: `Write ${step}`,
        type: "http-request",
        parameters: { method: "POST", url: `=http://${address}/{{ $execution.id }}/${step}` },
        // What the kill cuts off is made again; otherwise a person would be asked.
        settings: { unclear: "repeat" },
      },
      { id: `pure${step}`, name: `Pure ${step}`, type: "set", parameters: { include: "all" } },
    ]),
  ];
  return {
    name: "Five writes",
    graph: {
      nodes: nodes.map((node, index) => ({ ...node, version: 1, position: { x: index * 200, y: 0 } })),
      edges: nodes.slice(1).map((node, index) => ({
        id: `e${index}`,
        source: nodes[index]!.id,
        sourceHandle: "main",
        target: node.id,
        targetHandle: "main",
      })),
      settings: {},
      variables: {},
    },
  };
};

const settled = ["succeeded", "failed", "cancelled", "timed_out"];

for (const engine of ["embedded", "inngest"] as const) {
  test(`the ${engine} engine runs the example flows, and loses nothing when it is killed`, async () => {
    const inngest = engine === "inngest" ? await startInngestServer({ port: 0 }) : null;
    const effects = await outside();
    const environment = { HTTP_ALLOWLIST: effects.address, ...(inngest && { INNGEST_DEV: inngest.url }) };
    let app = await startApp({ environment });
    try {
      const { call, execution, flow, until } = client(app);
      expect(await (await fetch(`${app.url}/api/health`)).json()).toMatchObject({ status: "ok", engine });

      await test.step("order triage answers with its summary", async () => {
        const run = await call<{ status: string; output: unknown }>("POST", `/flows/${await flow("Order triage")}/execute`, {
          useDurable: false,
        });
        expect(run.status).toBe("succeeded");
        expect(run.output).toEqual([expect.objectContaining({ orders: 18, revenue: 4482.8 })]);
      });

      await test.step("the digest writes its text", async () => {
        const run = await call<{ status: string; output: unknown }>("POST", `/flows/${await flow("Morning digest")}/execute`, {
          useDurable: false,
        });
        expect(run.output).toEqual([
          { subject: expect.stringContaining("Orders of"), text: expect.stringContaining("GB: 4 orders, 1097.7 paid") },
        ]);
      });

      const asked = await call<{ executionId: string }>("POST", `/flows/${await flow("Expense approval")}/execute`, {});
      await until(asked.executionId, "waiting");

      const { id } = await call<{ id: string }>("POST", "/flows?publish=true", writes(effects.address));
      const started = await Promise.all(
        Array.from({ length: 50 }, () =>
          call<{ executionId: string }>("POST", `/flows/${id}/execute`, {}).then((each) => each.executionId),
        ),
      );
      await expect.poll(() => effects.seen.size).toBeGreaterThan(20);
      await app.kill();
      const completed = new Set(effects.seen.keys());

      const { dataDirectory, port } = app;
      app = await startApp({ environment, dataDirectory, port });

      await test.step("50 executions all end, each write at most once more than the kill cut off", async () => {
        await expect
          .poll(async () => (await Promise.all(started.map(execution))).filter((each) => !settled.includes(each.status)).length, {
            timeout: 120_000,
          })
          .toBe(0);
        const ended = await Promise.all(started.map(execution));
        expect(ended.filter((each) => each.status !== "succeeded")).toEqual([]);
        expect(effects.seen.size).toBe(250);
        const twice = [...effects.seen].filter(([, count]) => count > 1).map(([name]) => name);
        // Only a write that was in flight, its answer not yet durable, may be seen again: at most one of each execution.
        expect(new Set(twice.map((name) => name.split("/")[1])).size).toBe(twice.length);
        expect(twice.every((name) => completed.has(name))).toBe(true);
        process.stdout.write(
          `${engine}: killed with ${completed.size} of 250 writes seen; afterwards 50 of 50 executions succeeded, ${twice.length} writes that were in flight seen twice\n`,
        );
      });

      await test.step("the approval goes on where it stopped", async () => {
        await call("POST", `/executions/${asked.executionId}/resume`, { key: "ask#0", approved: true, comment: "fine" });
        await until(asked.executionId, "succeeded");
        const done = await call<{ outputs: { items: { json: unknown }[] }[] }>(
          "GET",
          `/executions/${asked.executionId}/steps/${encodeURIComponent("book#0")}`,
        );
        expect(done.outputs[0]?.items[0]?.json).toMatchObject({ status: "booked", approval: { approved: true, comment: "fine" } });
      });
    } finally {
      await app.dispose();
      effects.close();
      await inngest?.close();
    }
  });

  test(`the ${engine} engine finishes the step under way when the app is told to stop, and says so meanwhile`, async () => {
    const inngest = engine === "inngest" ? await startInngestServer({ port: 0 }) : null;
    let open = () => {};
    const effects = await outside(
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    const environment = { HTTP_ALLOWLIST: effects.address, ...(inngest && { INNGEST_DEV: inngest.url }) };
    let app = await startApp({ environment });
    try {
      const { call } = client(app);
      const { id } = await call<{ id: string }>("POST", "/flows?publish=true", writes(effects.address));
      const { executionId } = await call<{ executionId: string }>("POST", `/flows/${id}/execute`, {});
      await expect.poll(() => effects.seen.size).toBe(1);
      const stopped = app.stop();
      const health = async () => {
        const answer = await fetch(`${app.url}/api/health`);
        return { code: answer.status, ...((await answer.json()) as object) };
      };
      await expect.poll(health).toMatchObject({ code: 503, status: "stopping", engine });
      if (inngest) {
        const refused = await fetch(`${app.url}/api/inngest?fnId=tolstoy-execute-flow&stepId=step`, { method: "POST", body: "{}" });
        expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
      }
      open();
      await stopped;
      expect(effects.seen.size, "no other step was begun").toBe(1);

      const { dataDirectory, port } = app;
      app = await startApp({ environment, dataDirectory, port });
      await client(app).until(executionId, "succeeded");
      expect([...effects.seen.values()], "each write once").toEqual([1, 1, 1, 1, 1]);
    } finally {
      open();
      await app.dispose();
      effects.close();
      await inngest?.close();
    }
  });
}
