import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { Executor, type ExecutorOptions } from "./executor";
import { type FunctionConfig, type InngestEvent, type Op, ulid } from "./protocol";
import { Registry } from "./registry";
import type { RunView } from "./run";
import { bearerOf, callSdk } from "./sdk-request";

export interface InngestServerOptions extends Partial<ExecutorOptions> {
  port?: number;
  /** Demanded in the path of sent events. */
  eventKey?: string;
}

export interface InngestServer {
  url: string;
  /** Asks an app to register, as `inngest dev -u` does. */
  sync(appUrl: string): Promise<void>;
  /** Those registered, with the address at which each is called. */
  functions(): { id: string; url: string }[];
  /** Of one function (by id, with or without the app's prefix), or all. */
  runs(fn?: string): RunView[];
  events(): readonly InngestEvent[];
  /** Loses the next answer of a function or step, as if the connection broke. */
  dropNextAnswer(which: { fn?: string; step?: string; count?: number }): void;
  /** Accepts the next sent events and forgets them, as a server that dies before it has kept them. */
  loseNextEvents(count: number): void;
  /** From now on every request but `/health` is refused, as by a server that is up and cannot work. */
  refuse(yes: boolean): void;
  /** Forgets all runs, as a server that kept them in memory does when it restarts. */
  forgetRuns(): void;
  /** Cancels a run, as a person does in Inngest's screens. */
  cancelRun(id: string): void;
  /** Fires the cron triggers of a function, or of all; nothing else does. */
  tick(fn?: string): void;
  close(): Promise<void>;
}

type Answer = [status: number, body: unknown];

/**
 * A small in-memory stand-in for an Inngest server: registration, events, all plan and result operations, race and barrier
 * plans, retries, `cancelOn`, concurrency, checkpointing, signatures, and the limits of a run. For tests only: it keeps nothing. Not modelled: throttle,
 * debounce, rate limit, priority, batches.
 */
export async function startInngestServer(options: InngestServerOptions = {}): Promise<InngestServer> {
  const { port = 0, eventKey, ...given } = options;
  const settings: ExecutorOptions = { backoffMs: 100, tickMs: 0, checkpointing: true, unreachableMs: 60_000, ...given };
  const registry = new Registry();
  const events: InngestEvent[] = [];
  const seen = new Set<string>();
  const seeds = new Map<string, string>();
  let refusing = false;
  let losing = 0;
  const executor = new Executor(registry, settings, (event) => ingest({ ...event, ts: 0, user: {}, id: "" }, ulid()));

  function ingest(sent: Partial<InngestEvent> & { name: string }, internalId: string): void {
    const event = { ...sent, data: sent.data ?? {}, id: sent.id || internalId, ts: sent.ts || Date.now(), user: sent.user ?? {} };
    events.push(event);
    executor.deliver(event);
    if (seen.has(event.id)) return;
    const triggered = registry.triggeredBy(event);
    // Only an event that started something is remembered: one that came before its function was registered may come again.
    if (triggered.length > 0) seen.add(event.id);
    for (const served of triggered) executor.start(served, event, internalId);
  }

  function receive(body: unknown, seed: string | undefined): Answer {
    const list = (Array.isArray(body) ? body : [body]) as (Partial<InngestEvent> & { name: string })[];
    if (list.some((event) => !event?.name)) return [400, { ids: [""], status: 400, error: "event name is empty" }];
    const ids = list.map((event, position) => {
      // A repeated send (same seed) is the same event.
      const key = seed === undefined ? undefined : `${seed}#${position}`;
      const known = key === undefined ? undefined : seeds.get(key);
      if (known !== undefined) return known;
      const id = ulid();
      if (key !== undefined) seeds.set(key, id);
      if (losing > 0) losing--;
      else ingest(event, id);
      return id;
    });
    return [200, { ids, status: 200 }];
  }

  function checkpoint(runId: string, body: { qi_id: string; generation_id: number; steps: Op[] }): Answer {
    const run = executor.runs.get(runId);
    if (!run?.running) return [400, { error: "run not found in state store", status: 400 }];
    const item = executor.queue.inFlight(body.qi_id, run, body.generation_id);
    if (!item) return [409, { error: "stale dispatch", status: 409 }];
    executor.checkpoint(item, body.steps);
    return [200, ""];
  }

  function route(method: string, path: string, body: unknown, headers: http.IncomingHttpHeaders): Answer {
    if (path === "/health") return [200, { status: 200, message: "OK" }];
    if (refusing) return [503, { error: "unavailable", status: 503 }];
    if (path === "/dev") return [200, { functions: registry.all().map(({ id }) => id) }];
    const sent = /^\/e\/([^/]+)$/.exec(path);
    if (method === "POST" && sent) {
      if (eventKey !== undefined && sent[1] !== eventKey) return [401, { error: "Event key not found", status: 401 }];
      const seed = headers["x-inngest-event-id-seed"];
      return receive(body, Array.isArray(seed) ? seed[0] : seed);
    }
    if (settings.signingKey !== undefined && headers.authorization !== `Bearer ${bearerOf(settings.signingKey)}`) {
      return [401, { error: "Unauthorized", status: 401 }];
    }
    if (method === "POST" && path === "/fn/register") {
      const { appName, functions } = body as { appName: string; functions: FunctionConfig[] };
      registry.register(appName, functions);
      return [200, { ok: true, modified: true, sync_id: randomUUID(), app_id: randomUUID() }];
    }
    const checkpointed = /^\/v1\/checkpoint\/([^/]+)\/async$/.exec(path);
    if (method === "POST" && checkpointed) return checkpoint(checkpointed[1]!, body as Parameters<typeof checkpoint>[1]);
    const known = /^\/v1\/runs\/([^/]+)$/.exec(path);
    if (method === "GET" && known) {
      const found = executor.runs.get(known[1]!);
      return found ? [200, { data: { run_id: found.id, status: found.status } }] : [404, { error: "run not found", status: 404 }];
    }
    const state = /^\/v0\/runs\/([^/]+)\/(actions|batch)$/.exec(path);
    const run = state && executor.runs.get(state[1]!);
    if (method === "GET" && run) return [200, state[2] === "actions" ? run.steps : [run.event]];
    return [404, { error: `no ${method} ${path}`, status: 404 }];
  }

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      let answer: Answer;
      try {
        const text = Buffer.concat(chunks).toString();
        answer = route(
          request.method ?? "",
          new URL(request.url ?? "/", "http://server").pathname,
          text ? JSON.parse(text) : null,
          request.headers,
        );
      } catch (error) {
        answer = [400, { error: (error as Error).message, status: 400 }];
      }
      response.writeHead(answer[0], { "content-type": "application/json", "x-inngest-server-kind": settings.signingKey ? "cloud" : "dev" });
      response.end(answer[1] === "" ? "" : JSON.stringify(answer[1]));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });

  const runsOf = (fn?: string) => [...executor.runs.values()].filter((run) => fn === undefined || Registry.named(run.served, fn));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async sync(appUrl) {
      const answer = await callSdk("PUT", appUrl, {}, JSON.stringify({ url: appUrl }));
      if (answer.status !== 200) throw new Error(`The app at ${appUrl} did not register: ${answer.status} ${answer.text.slice(0, 300)}`);
    },
    functions: () => registry.all().map(({ id, url }) => ({ id, url })),
    runs: (fn) => runsOf(fn).map((run) => run.view()),
    events: () => events,
    dropNextAnswer: ({ fn, step, count = 1 }) => {
      executor.drops.push({ fn, step, count });
    },
    loseNextEvents(count) {
      losing = count;
    },
    refuse(yes) {
      refusing = yes;
    },
    forgetRuns: () => executor.forget(),
    cancelRun(id) {
      const run = executor.runs.get(id);
      if (run) executor.cancel(run);
    },
    tick(fn) {
      for (const served of registry.all().filter((one) => fn === undefined || Registry.named(one, fn))) {
        for (const { cron } of served.triggers) {
          if (!cron) continue;
          const id = ulid();
          executor.start(served, { name: "inngest/scheduled.timer", id, ts: Date.now(), user: {}, data: { cron } }, id);
        }
      }
    },
    async close() {
      executor.forget();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
