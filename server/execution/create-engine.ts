import { nodeRegistry } from "@/nodes/registry";
import type { Environment } from "../env";
import { createHostCheck } from "../http/check-host";
import { createHttpClient } from "../http/guarded-client";
import { logger } from "../logger";
import { liveBus } from "../realtime/bus";
import { createSandbox } from "../sandbox/sandbox";
import { sql } from "../sql";
import { resumeUrl } from "../triggers/resume-links";
import { createEmbeddedEngine } from "./embedded/engine";
import type { ExecutionEngine } from "./engine";
import { engineName } from "./engine-name";
import { expressionEnvironment } from "./expression-environment";
import { createInngestEngine } from "./inngest/engine";
import type { SendEvents } from "./inngest/events";
import type { FindRun } from "./inngest/lost-runs";
import { LogWriter } from "./log-writer";
import { createRunExecution } from "./run";

export interface RunningEngine {
  engine: ExecutionEngine;
  /** Stops the engine and everything that its nodes used. */
  stop(): Promise<void>;
}

/** Builds and starts the engine of this installation. */
export async function createEngine(settings: Environment, inngest: { send: SendEvents; findRun: FindRun }): Promise<RunningEngine> {
  const http = createHttpClient({ allowlist: settings.HTTP_ALLOWLIST });
  const sandbox = createSandbox();
  const logs = new LogWriter(sql(), logger);
  const run = createRunExecution({
    pool: sql(),
    registry: nodeRegistry,
    http,
    sandbox,
    checkHost: createHostCheck({ allowlist: settings.HTTP_ALLOWLIST }),
    logs,
    resumeUrl,
    maxVisits: settings.MAX_VISITS,
    env: expressionEnvironment(settings),
  });
  const part = logger.child({ part: "engine" });
  const engine =
    engineName(settings) === "inngest"
      ? createInngestEngine({ pool: sql(), run, registry: nodeRegistry, bus: liveBus, logger: part, send: inngest.send, findRun: inngest.findRun })
      : await createEmbeddedEngine({ connectionString: settings.DATABASE_URL, run, logger: part, liveBus });
  return {
    engine,
    async stop() {
      await engine.stop();
      await Promise.all([logs.flush(), sandbox.close(), http.close()]);
    },
  };
}
