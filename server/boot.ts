import { setTimeout } from "node:timers/promises";
import { recordClientAddresses } from "./auth/client-address";
import { env } from "./env";
import { createEngine, type RunningEngine } from "./execution/create-engine";
import { setEngine } from "./execution/get-engine";
import type { SendEvents } from "./execution/inngest/events";
import type { FindRun } from "./execution/inngest/lost-runs";
import { startSearchIndex } from "./execution/search/loop";
import { logger } from "./logger";
import { startMail } from "./mail/dispatcher";
import { recordExecutions } from "./metrics/metrics";
import { liveBus } from "./realtime/bus";
import { useAbly } from "./realtime/use-ably";
import { startRetention } from "./services/retention/loop";
import { type AnnounceDeliveries, startWebhooks } from "./services/webhooks/dispatcher";
import { beginStopping } from "./stopping";
import { startEvents } from "./triggers/events";
import { startPolling } from "./triggers/polling/loop";
import { startSchedules } from "./triggers/schedule";
import { answerWebhooksFirst } from "./triggers/server-listener";
import { mendPaths } from "./well-formed-paths";

export interface InngestConnection {
  send: SendEvents;
  /** Whether Inngest still knows a run. */
  findRun: FindRun;
  /** Has messages to webhooks sent by a function of Inngest's. */
  announceDeliveries: AnnounceDeliveries;
  /** Tells Inngest where our functions are; goes on until it has worked or the signal aborts. */
  register(options: { origin: string; signal: AbortSignal }): Promise<void>;
}

// A development server loads its modules again and again; the process starts once.
const holder = globalThis as unknown as { tolstoyBoot?: Promise<void> };

/** Starts what runs beside the requests of a server process: engine, schedules, polling, retention, live transport. Once per process. */
export function boot(inngest: InngestConnection): Promise<void> {
  holder.tolstoyBoot ??= start(inngest);
  return holder.tolstoyBoot;
}

/** Where `cli/serve/server-process.mjs` looks for what has to be at its end before the process is. */
const FINISH = Symbol.for("tolstoy.finish");

/** How long the server waits for the engine before it takes requests without one. */
const FIRST_TRY_MS = 5000;
const LONGEST_PAUSE_MS = 10_000;

/** Tries until the engine runs: the database may come up after the app. Meanwhile whoever needs it is told so. */
async function runningEngine(inngest: InngestConnection, signal: AbortSignal): Promise<RunningEngine | null> {
  for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const creating = createEngine(env(), inngest);
    setEngine(creating.then(({ engine }) => engine));
    try {
      return await creating;
    } catch (cause) {
      logger.error({ err: cause, retryInMs: pause }, "the execution engine could not be started");
    }
    await setTimeout(pause, undefined, { ref: false });
  }
  return null;
}

async function start(inngest: InngestConnection): Promise<void> {
  const settings = env();
  recordClientAddresses();
  mendPaths();
  // In development the framework reloads its routes as their code changes; this one it would not.
  if (process.env.NODE_ENV === "production") answerWebhooksFirst();
  const stopping = new AbortController();
  const stopAbly = useAbly(settings);
  // Whoever listens to everything has the engine tell it everything: only where somebody will ask.
  if (settings.METRICS_TOKEN !== undefined) recordExecutions(liveBus);
  const mail = settings.SMTP_URL === undefined ? null : startMail();
  const engine = runningEngine(inngest, stopping.signal);
  const stop = async (): Promise<void> => {
    beginStopping();
    stopping.abort();
    const running = await engine;
    await Promise.all([
      mail?.(),
      (await schedules)?.(),
      (await polling)?.(),
      (await retention)?.(),
      (await search)?.(),
      (await events)?.(),
      (await webhooks)?.(),
    ]);
    await running?.stop();
    await stopAbly();
  };
  const schedules = engine.then((running) => {
    if (!running) return null;
    if (running.engine.name === "inngest") {
      void inngest.register({ origin: `http://127.0.0.1:${settings.PORT}`, signal: stopping.signal });
    }
    logger.info({ engine: running.engine.name }, "executions run here");
    // As with retention below, Inngest has a function for this.
    return running.engine.name === "embedded" ? startSchedules() : null;
  });
  const polling = engine.then((running) => (running?.engine.name === "embedded" ? startPolling() : null));
  const events = engine.then((running) => (running ? startEvents() : null));
  // Where Inngest runs, its function sends what is written here.
  const webhooks = engine.then((running) =>
    running ? startWebhooks(running.engine.name === "embedded" ? null : inngest.announceDeliveries) : null,
  );
  // Inngest calls a function of its own for this: its processes may live no longer than a request.
  const retention = engine.then((running) => (running?.engine.name === "embedded" ? startRetention() : null));
  const search = engine.then((running) => (running ? startSearchIndex() : null));
  let stopped: Promise<void> | undefined;
  const finish = () => {
    stopped ??= stop().catch((cause: unknown) => logger.error({ err: cause }, "the engine did not stop in order"));
    return stopped;
  };
  (globalThis as { [FINISH]?: () => Promise<void> })[FINISH] = finish;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, finish);
  // Requests that come first would only be told to come again; a database that stays away holds up nothing, though.
  await Promise.race([schedules, setTimeout(FIRST_TRY_MS, undefined, { ref: false })]);
}
