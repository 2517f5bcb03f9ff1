import { createEmbeddedEngine, type EmbeddedEngine } from "../../embedded/engine";
import { newExecution, runScripts } from "../../embedded/testing/scripts";
import { stormFlows } from "./storm-flows";
import { STORM_LEASE_MS, STORM_ORGANIZATION, type StormAnswer, type StormRequest } from "./storm-worker-protocol";

// One of the processes of a storm, until it is killed: takes arrivals and signals from its parent, and runs executions.
// `node --import tsx storm-worker.ts <database url> <effects url>`

const [databaseUrl, effectsUrl] = process.argv.slice(2) as [string, string];

const effect = async (name: string): Promise<void> => {
  for (const phase of ["begin", "end"]) {
    const response = await fetch(`${effectsUrl}/${phase}/${name}`, { method: "POST" });
    if (!response.ok) throw new Error(`The effects server answered ${response.status}`);
    if (phase === "begin") await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
  }
};

const tell = (answer: StormAnswer) => process.send?.(answer);

const open = () =>
  createEmbeddedEngine({
    connectionString: databaseUrl,
    logger: {
      debug() {},
      info() {},
      warn() {},
      error: (details, message) => process.stderr.write(`${message} ${String((details as { err?: unknown }).err ?? "")}\n`),
    },
    liveBus: { isHeard: () => false, publish() {} },
    leaseMs: STORM_LEASE_MS,
    heartbeatMs: 300,
    quietMs: 800,
    pollMs: 200,
    inMemoryWaitMs: 200,
    run: runScripts(stormFlows(effect)),
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

process.on("message", async (request: StormRequest) => {
  try {
    if (request.kind === "start") {
      const { flow, n, dedupeKey } = request;
      const execution = newExecution(STORM_ORGANIZATION, flow, { n });
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
