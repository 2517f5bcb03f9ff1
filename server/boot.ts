import { recordClientAddresses } from "./auth/client-address";
import { env } from "./env";
import { createEngine, type RunningEngine } from "./execution/create-engine";
import { setEngine } from "./execution/get-engine";
import type { SendEvents } from "./execution/inngest/events";
import { logger } from "./logger";
import { useAbly } from "./realtime/use-ably";
import { startSchedules } from "./triggers/schedule";

export interface InngestConnection {
  send: SendEvents;
  /** Tells Inngest where our functions are; goes on until it has worked or the signal aborts. */
  register(options: { origin: string; signal: AbortSignal }): Promise<void>;
}

// A development server loads its modules again and again; the process starts once.
const holder = globalThis as unknown as { tolstoyBoot?: Promise<void> };

/** Starts what runs beside the requests of a server process: engine, schedules, live transport. Once per process. */
export function boot(inngest: InngestConnection): Promise<void> {
  holder.tolstoyBoot ??= start(inngest);
  return holder.tolstoyBoot;
}

async function start(inngest: InngestConnection): Promise<void> {
  const settings = env();
  recordClientAddresses();
  const stopping = new AbortController();
  const stopAbly = useAbly(settings);
  const creating = createEngine(settings, inngest);
  setEngine(creating.then(({ engine }) => engine));
  let running: RunningEngine;
  try {
    running = await creating;
  } catch (cause) {
    // The pages still answer and say so; a supervisor sees it in the health check.
    logger.fatal({ err: cause }, "the execution engine could not be started");
    return;
  }
  const stopSchedules = startSchedules();
  if (running.engine.name === "inngest") {
    void inngest.register({ origin: `http://127.0.0.1:${settings.PORT}`, signal: stopping.signal });
  }
  logger.info({ engine: running.engine.name }, "executions run here");

  const stop = async (): Promise<void> => {
    stopping.abort();
    await stopSchedules();
    await running.stop();
    await stopAbly();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stop().catch((cause: unknown) => logger.error({ err: cause }, "the engine did not stop in order"));
    });
  }
}
