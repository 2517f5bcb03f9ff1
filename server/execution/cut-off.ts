import type { StepError } from "@/flow/execution/errors";
import type { Effect } from "@/flow/node/define-node";

/** Of an attempt that the end of its execution interrupts. What it was doing elsewhere may have happened, or not. */
export const cutOffError = (effect: Effect): StepError =>
  effect === "write"
    ? {
        name: "CancelledError",
        message: "Cut off while it ran: whether it took effect is not known",
        hint: "Look at the service that it writes to before you run it again.",
      }
    : { name: "CancelledError", message: "Cut off while it ran" };
