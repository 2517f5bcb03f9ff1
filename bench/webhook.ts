import { execFileSync } from "node:child_process";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import autocannon from "autocannon";
import { type RunningApp, startApp } from "@/e2e/support/server";
import type { FlowFile } from "@/flow/graph/schema";
import { codeNode, editFields, line } from "./flows";
import { cpuSeconds, machine, median, residentMegabytes } from "./machine";

const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
/** Of one short flow, to see whether memory grows with what has been run. */
const EXECUTIONS = Number(process.env.BENCH_EXECUTIONS ?? 100_000);
/** Part of a flow's name: only those. */
const ONLY = process.env.BENCH_ONLY ?? "";
const BODY = JSON.stringify({ customer: "Ada Byron", amount: 120.5, lines: [{ sku: "A-1", quantity: 2 }] });

interface Figure {
  p50: number;
  p99: number;
  perSecond: number;
  cpuMsPerRequest: number;
  failed: number;
}

function createApiKey(app: RunningApp): string {
  const printed = execFileSync(
    process.execPath,
    [path.resolve(import.meta.dirname, "../cli/tolstoy.mjs"), "apikey", "create", "--org", "demo", "--name", "bench"],
    { env: { ...process.env, DATA_DIR: app.dataDirectory }, encoding: "utf8" },
  );
  return printed.trim().split("\n").at(-1) ?? "";
}

async function publish(app: RunningApp, apiKey: string, flow: FlowFile): Promise<string> {
  const response = await fetch(`${app.url}/api/v1/flows?publish=true`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(flow),
  });
  if (!response.ok) throw new Error(`The flow could not be published: ${response.status} ${await response.text()}`);
  const { triggers } = (await response.json()) as { triggers: { url: string }[] };
  return triggers[0]!.url;
}

async function load(url: string, connections: number, roots: number[]): Promise<Figure> {
  const before = cpuSeconds(roots);
  const result = await autocannon({
    url,
    method: "POST",
    body: BODY,
    headers: { "content-type": "application/json" },
    connections,
    duration: SECONDS,
  });
  const requests = result.requests.total;
  return {
    p50: result.latency.p50,
    p99: result.latency.p99,
    perSecond: requests / result.duration,
    cpuMsPerRequest: ((cpuSeconds(roots) - before) * 1000) / Math.max(1, requests),
    failed: result.non2xx + result.errors + result.timeouts,
  };
}

/** Whole milliseconds are too coarse for one client: each request is timed by itself. */
async function oneByOne(url: string, roots: number[]): Promise<Figure> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const send = () =>
    new Promise<number>((resolve, reject) => {
      const request = http.request(url, { method: "POST", agent, headers: { "content-type": "application/json" } }, (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
      });
      request.once("error", reject);
      request.end(BODY);
    });
  const times: number[] = [];
  let failed = 0;
  const before = cpuSeconds(roots);
  const end = performance.now() + SECONDS * 1000;
  while (performance.now() < end) {
    const start = performance.now();
    if ((await send()) !== 200) failed++;
    times.push(performance.now() - start);
  }
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    p50: median(times),
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    perSecond: (times.length * 1000) / times.reduce((sum, time) => sum + time, 0),
    cpuMsPerRequest: ((cpuSeconds(roots) - before) * 1000) / times.length,
    failed,
  };
}

const show = (name: string, clients: number, rounds: Figure[]): string => {
  const middle = (of: (figure: Figure) => number) => median(rounds.map(of));
  const failed = rounds.reduce((sum, figure) => sum + figure.failed, 0);
  return `${name.padEnd(22)} ${String(clients).padStart(3)} client${clients === 1 ? " " : "s"}  p50 ${middle((figure) => figure.p50).toFixed(2)} ms  p99 ${middle(
    (figure) => figure.p99,
  ).toFixed(
    2,
  )} ms  ${middle((figure) => figure.perSecond).toFixed(0)} requests/s  CPU ${middle((figure) => figure.cpuMsPerRequest).toFixed(2)} ms/request${
    failed > 0 ? `  ${failed} FAILED` : ""
  }`;
};

/** Resident memory after each fifth of many executions: it may differ, and must not grow. */
async function benchMemory(url: string, server: number): Promise<void> {
  const megabytes: number[] = [];
  for (let part = 0; part < 5; part++) {
    await autocannon({
      url,
      method: "POST",
      body: BODY,
      headers: { "content-type": "application/json" },
      connections: 20,
      amount: EXECUTIONS / 5,
    });
    megabytes.push(residentMegabytes(server));
  }
  console.log(`memory over ${EXECUTIONS.toLocaleString("en")} more executions, after each fifth: ${megabytes.join(", ")} MB`);
}

/**
 * Webhook in, nodes, last node's output back, every execution saved and durable before the answer. Medians of several rounds
 * over the built app on its own Postgres, load from this process on the same machine.
 */
export async function benchWebhooks(): Promise<void> {
  const target = http.createServer((_, response) => response.setHeader("content-type", "application/json").end('{"ok":true}'));
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  const targetPort = (target.address() as AddressInfo).port;
  const app = await startApp({ environment: { HTTP_ALLOWLIST: `127.0.0.1:${targetPort}`, LOG_LEVEL: "warn" } });
  try {
    const { server, postgres } = app.pids();
    const roots = [server, ...(postgres === null ? [] : [postgres])];
    console.log(`machine: ${machine()}`);
    console.log(`rounds: ${ROUNDS} × ${SECONDS} s; memory of the server when idle: ${residentMegabytes(server)} MB`);
    const apiKey = createApiKey(app);
    const flows: [string, FlowFile][] = [
      ["10 Edit Fields", line("Ten fields", "set", 10, editFields)],
      ["1 Edit Fields", line("One field", "set", 1, editFields)],
      ["10 Code (JavaScript)", line("Ten codes", "code", 10, codeNode)],
      ["1 HTTP Request", line("One request", "http-request", 1, () => ({ method: "GET", url: `http://127.0.0.1:${targetPort}/` }))],
    ];
    for (const [name, flow] of flows.filter(([each]) => each.includes(ONLY))) {
      const url = await publish(app, apiKey, flow);
      await autocannon({ url, method: "POST", body: BODY, headers: { "content-type": "application/json" }, connections: 10, duration: 3 });
      const single: Figure[] = [];
      const many: Figure[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        single.push(await oneByOne(url, roots));
        many.push(await load(url, 20, roots));
      }
      console.log(show(name, 1, single));
      console.log(show(name, 20, many));
    }
    console.log(`memory of the server after the load: ${residentMegabytes(server)} MB`);
    if (EXECUTIONS > 0) await benchMemory(await publish(app, apiKey, line("Many", "set", 1, editFields)), server);
  } finally {
    await app.dispose();
    target.close();
  }
}
