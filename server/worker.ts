import type { Environment } from "./env";
import { createEngine } from "./execution/create-engine";
import { setEngine } from "./execution/get-engine";
import { useAbly } from "./realtime/use-ably";

const notInngest = () => Promise.reject(new Error("A worker has nothing to do with Inngest"));

/** Runs executions in this process, without a server: the embedded engine, and live events through Ably where that is configured. */
export async function startWorker(settings: Environment): Promise<{ stop(): Promise<void> }> {
  const stopAbly = useAbly(settings);
  const { engine, stop } = await createEngine(settings, { send: notInngest, findRun: notInngest });
  setEngine(engine);
  return {
    async stop() {
      await stop();
      await stopAbly();
    },
  };
}
