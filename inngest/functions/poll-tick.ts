import { tickPolls } from "@/server/services/triggers/tick-polls";
import { inngest } from "../client";

/** The next tick takes over. */
const TICK_MS = 60_000;

/**
 * Polls triggers as they come due, where Inngest runs executions; beside `schedule-tick`, so that a service that answers slowly keeps no
 * schedule waiting. Ticks may overlap: a trigger is polled by one of them.
 */
export const pollTickFunction = inngest.createFunction(
  { id: "poll-tick", name: "Poll triggers", retries: 3, triggers: [{ cron: "* * * * *" }] },
  async ({ step }) => {
    const endsAt = await step.run("begin", () => Date.now() + TICK_MS);
    for (let look = 1; ; look++) {
      const next = await step.run(`look-${look}`, tickPolls);
      if (next >= endsAt) return;
      await step.sleepUntil(`sleep-${look}`, new Date(next));
    }
  },
);
