import { retentionRound } from "@/server/services/retention/round";
import { inngest } from "../client";

/** Seconds of a round; what is left over is the next one's. */
const ROUND_SECONDS = 25;

/** Deletes what organizations no longer keep, and what came too long ago, where Inngest runs executions. */
export const retentionFunction = inngest.createFunction(
  { id: "retention", name: "Delete what is no longer kept", retries: 3, concurrency: 1, triggers: [{ cron: "*/10 * * * *" }] },
  ({ step }) => step.run("prune", () => retentionRound(AbortSignal.timeout(ROUND_SECONDS * 1_000))),
);
