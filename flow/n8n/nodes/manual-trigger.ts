import type { NodeMapping } from "../source";

/** Manual Trigger, and the Start node that came before it. */
export const manualTrigger: NodeMapping = () => ({ type: "manual-trigger", parameters: {}, inputs: [] });
