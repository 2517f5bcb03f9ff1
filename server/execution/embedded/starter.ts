import { ServiceError } from "@/server/services/errors";
import type { StartedExecution } from "../engine";
import type { EntryResult } from "./rows";

/** Tells whoever started an execution what became of its record. */
export function tellStarter(
  executionId: string,
  result: EntryResult,
  resolve: (started: StartedExecution) => void,
  reject: (error: unknown) => void,
): void {
  if (result.kind === "refused") reject(result.error);
  else if (result.kind === "lost") reject(new ServiceError("unavailable", "The engine stopped before the execution was recorded"));
  else if (result.start?.kind === "duplicate") resolve({ executionId: result.start.of, duplicate: true });
  else resolve({ executionId, duplicate: false });
}
