import { tickSchedules } from "@/server/services/triggers/tick";
import { inngest } from "../client";

/** The next tick takes over. */
const TICK_MS = 60_000;

/**
 * Starts flows when their schedules are due, where Inngest runs executions. Inngest's own schedules know whole minutes; each of its
 * ticks sleeps until what is due within its minute. What nobody saw in time the next tick makes up for, and no slot starts twice.
 */
export const scheduleTickFunction = inngest.createFunction(
  { id: "schedule-tick", name: "Start scheduled flows", retries: 3, triggers: [{ cron: "* * * * *" }] },
  async ({ step }) => {
    const endsAt = await step.run("begin", () => Date.now() + TICK_MS);
    for (let look = 1; ; look++) {
      const next = await step.run(`look-${look}`, tickSchedules);
      if (next >= endsAt) return;
      await step.sleepUntil(`sleep-${look}`, new Date(next));
    }
  },
);
