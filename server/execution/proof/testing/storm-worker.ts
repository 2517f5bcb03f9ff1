import pg from "pg";
import type { NodeContext } from "@/flow/node/context";
import { createHttpClient } from "@/server/http/guarded-client";
import { logger as serverLogger } from "@/server/logger";
import { createEmbeddedEngine, type EmbeddedEngine } from "../../embedded/engine";
import type { EngineLogger } from "../../embedded/options";
import { newExecution, runScripts } from "../../embedded/testing/scripts";
import { EndDispatcher } from "../../ends/end-dispatcher";
import { followEnds } from "../../ends/follow-end";
import type { RunExecution } from "../../engine";
import { LogWriter } from "../../log-writer";
import { createRunExecution } from "../../run";
import { createFlowStarter } from "../../sub-flows/starter";
import { stormFlows } from "./storm-flows";
import { mendedGraph, stormRegistry } from "./storm-graphs";
import { SENT_AT } from "./storm-outside";
import { STORM_LEASE_MS, STORM_ORGANIZATION, type StormAnswer, type StormRequest } from "./storm-worker-protocol";

// One of the processes of a storm, until it is killed: takes arrivals and signals from its parent, and runs executions.
// `node --import tsx storm-worker.ts <database url> <effects url>`

const [databaseUrl, effectsUrl] = process.argv.slice(2) as [string, string];

const effect = async (name: string): Promise<void> => {
  for (const phase of ["begin", "end"]) {
    const response = await fetch(`${effectsUrl}/${phase}/${name}`, { method: "POST", headers: { [SENT_AT]: String(Date.now()) } });
    if (!response.ok) throw new Error(`The effects server answered ${response.status}`);
    if (phase === "begin") await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
  }
};

const tell = (answer: StormAnswer) => process.send?.(answer);

const logger: EngineLogger = {
  debug() {},
  info() {},
  warn() {},
  error: (details, message) => process.stderr.write(`${message} ${String((details as { err?: unknown }).err ?? "")}\n`),
};
/** For what is tried again while the database is away. */
const quiet: EngineLogger = { ...logger, error() {} };

const pool = new pg.Pool({ connectionString: databaseUrl, max: 5 });
pool.on("error", () => {});
pool.on("connect", (client) => client.on("error", () => {}));
const refused = () => Promise.reject(new Error("No flow of the storm asks for it"));

let begun: (engine: EmbeddedEngine) => void = () => {};
const started = new Promise<EmbeddedEngine>((resolve) => {
  begun = resolve;
});
const starterOf = (execution: Parameters<typeof createFlowStarter>[1]) =>
  createFlowStarter({ pool, registry: stormRegistry, engine: () => started }, execution, execution.flowId);
const runScript = runScripts(stormFlows(effect, starterOf));
const runGraph = createRunExecution({
  pool,
  registry: stormRegistry,
  http: createHttpClient({ allowlist: [new URL(effectsUrl).host] }),
  sandbox: { run: refused },
  checkHost: refused,
  connect: (() => refused()) as NodeContext["connect"],
  logs: new LogWriter(pool, serverLogger),
  resumeUrl: () => "",
  formUrl: () => "",
  maxVisits: 100,
  env: {},
});
const run: RunExecution = (execution, host, signal) => (execution.flowId === "mended" ? runGraph : runScript)(execution, host, signal);

const ends = new EndDispatcher(
  pool,
  followEnds(pool, () => started, []),
  quiet,
  200,
);

const open = () =>
  createEmbeddedEngine({
    connectionString: databaseUrl,
    logger,
    liveBus: { isHeard: () => false, publish() {} },
    leaseMs: STORM_LEASE_MS,
    heartbeatMs: 300,
    quietMs: 800,
    pollMs: 200,
    inMemoryWaitMs: 200,
    ended: () => ends.kick(),
    run,
  });

/** The database may be away just now: the app too tries until it has come up. */
async function opened(): Promise<EmbeddedEngine> {
  for (;;) {
    try {
      return await open();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const engine = await opened();
begun(engine);
ends.start();

process.on("message", async (request: StormRequest) => {
  try {
    if (request.kind === "start") {
      const { flow, n, dedupeKey } = request;
      const execution = newExecution(
        STORM_ORGANIZATION,
        flow,
        { n },
        flow === "mended" ? { flowVersion: 1, graph: mendedGraph(effectsUrl, false), triggerNodeId: "Start" } : {},
      );
      const { executionId } = await engine.start({ ...execution, event: { ...execution.event, triggerId: "hook", dedupeKey } });
      tell({ id: request.id, executionId });
    } else {
      const { executionId } = request;
      const correlation = `${executionId}:gate#0`;
      await engine.signal({ organizationId: STORM_ORGANIZATION, executionId, event: "resume", correlation, payload: { ok: true } });
      tell({ id: request.id, executionId });
    }
  } catch (error) {
    tell({ id: request.id, failed: String(error) });
  }
});
tell({ ready: true });
