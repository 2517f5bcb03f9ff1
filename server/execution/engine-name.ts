import { type Environment, isInngestConfigured } from "../env";
import type { ExecutionEngine } from "./engine";

/** Which engine the settings ask for: `auto` is Inngest where it is configured. */
export const engineName = (settings: Environment): ExecutionEngine["name"] =>
  settings.EXECUTION_ENGINE === "auto" ? (isInngestConfigured(settings) ? "inngest" : "embedded") : settings.EXECUTION_ENGINE;
