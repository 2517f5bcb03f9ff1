import { nodeRegistry } from "@/nodes/registry";
import { createExecutionCredentials } from "../credentials/execution-credentials";
import type { Environment } from "../env";
import { createHostCheck } from "../http/check-host";
import { createConnect } from "../http/connect";
import { createHttpClient } from "../http/guarded-client";
import { logger } from "../logger";
import { measuredActions } from "../metrics/measured-actions";
import { liveBus } from "../realtime/bus";
import { daytonaOf } from "../sandbox/daytona/configure";
import { withNetwork } from "../sandbox/network";
import { createSandbox } from "../sandbox/sandbox";
import { actionsOf } from "../services/actions/resolve";
import { codeHostsOf } from "../services/organizations/code-hosts";
import { sql } from "../sql";
import { endListeners } from "../triggers/end-listeners";
import { formUrl, resumeUrl } from "../triggers/resume-links";
import { createEmbeddedEngine } from "./embedded/engine";
import { EndDispatcher } from "./ends/end-dispatcher";
import { followEnds } from "./ends/follow-end";
import type { ExecutionEngine } from "./engine";
import { engineName } from "./engine-name";
import { expressionEnvironment } from "./expression-environment";
import { createInngestEngine } from "./inngest/engine";
import type { SendEvents } from "./inngest/events";
import type { FindRun } from "./inngest/lost-runs";
import { LogWriter } from "./log-writer";
import { patiently } from "./patience";
import { createRunExecution } from "./run";
import { createFlowStarter } from "./sub-flows/starter";

export interface RunningEngine {
  engine: ExecutionEngine;
  /** Stops the engine and everything that its nodes used. */
  stop(): Promise<void>;
}

/** Builds and starts the engine of this installation. */
export async function createEngine(settings: Environment, inngest: { send: SendEvents; findRun: FindRun }): Promise<RunningEngine> {
  const http = createHttpClient({ allowlist: settings.HTTP_ALLOWLIST });
  const sandbox = createSandbox({ daytona: daytonaOf(settings, http) });
  const logs = new LogWriter(sql(), logger);
  let begun: (engine: ExecutionEngine) => void = () => {};
  const started = new Promise<ExecutionEngine>((resolve) => {
    begun = resolve;
  });
  const run = createRunExecution({
    pool: sql(),
    registry: settings.METRICS_TOKEN === undefined ? nodeRegistry : measuredActions(nodeRegistry),
    http,
    sandbox,
    sandboxOf: (organizationId) => withNetwork(sandbox, { hosts: () => patiently(() => codeHostsOf(organizationId)), http }),
    credentials: (execution) => createExecutionCredentials(execution, http),
    action: (organizationId) => {
      const find = actionsOf(organizationId);
      return (reference) => patiently(() => find(reference));
    },
    checkHost: createHostCheck({ allowlist: settings.HTTP_ALLOWLIST }),
    connect: createConnect({ allowlist: settings.HTTP_ALLOWLIST }),
    flows: (execution, flowName, graph) =>
      createFlowStarter({ pool: sql(), registry: nodeRegistry, engine: () => started }, execution, flowName, graph),
    logs,
    resumeUrl,
    formUrl,
    maxVisits: settings.MAX_VISITS,
    env: expressionEnvironment(settings),
  });
  const part = logger.child({ part: "engine" });
  const ends = new EndDispatcher(
    sql(),
    followEnds(
      sql(),
      () => started,
      endListeners(sql(), () => started),
    ),
    part,
  );
  const ended = (followed: "surely" | "perhaps") => (followed === "surely" ? ends.kick() : ends.kickSoon());
  const engine =
    engineName(settings) === "inngest"
      ? createInngestEngine({
          pool: sql(),
          run,
          registry: nodeRegistry,
          bus: liveBus,
          logger: part,
          send: inngest.send,
          findRun: inngest.findRun,
          ended: () => ends.kick(),
        })
      : await createEmbeddedEngine({
          connectionString: settings.DATABASE_URL,
          run,
          logger: part,
          liveBus,
          ended,
          // Without room it records, tells and cancels, and claims nothing.
          capacity: settings.RUN_EXECUTIONS ? settings.EXECUTIONS_PER_PROCESS : 0,
          maxQueued: settings.MAX_QUEUED_EXECUTIONS,
        });
  begun(engine);
  ends.start();
  return {
    engine,
    async stop() {
      await ends.stop();
      await engine.stop();
      await Promise.all([logs.flush(), sandbox.close(), http.close()]);
    },
  };
}
