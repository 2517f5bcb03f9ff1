import { ServiceError } from "../services/errors";
import type { ExecutionEngine } from "./engine";

// The framework bundles entry points apart: a module variable would be one engine per bundle.
const holder = globalThis as unknown as { tolstoyEngine?: Promise<ExecutionEngine> };

/** Makes an engine the one of this process; null takes it away. */
export function setEngine(engine: Promise<ExecutionEngine> | ExecutionEngine | null): void {
  if (engine === null) {
    delete holder.tolstoyEngine;
    return;
  }
  const starting = Promise.resolve(engine);
  // Whoever asks for the engine hears why there is none; until then nobody listens.
  starting.catch(() => {});
  holder.tolstoyEngine = starting;
}

/** The engine of this process. @throws ServiceError `unavailable` when it was not started, or could not be. */
export async function getEngine(): Promise<ExecutionEngine> {
  if (!holder.tolstoyEngine) throw new ServiceError("unavailable", "This process runs no execution engine");
  try {
    return await holder.tolstoyEngine;
  } catch (cause) {
    throw new ServiceError("unavailable", "The execution engine could not be started; the server's log says why", { cause });
  }
}
