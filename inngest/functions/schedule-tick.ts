import { nextScheduleAt, startDue } from "@/server/triggers/schedule";
import { inngest } from "../client";

/** A schedule that was published meanwhile is seen after this long. */
const LONGEST_LOOK_MS = 15_000;
/** The next tick takes over. */
const TICK_MS = 60_000;
/** Of one look: as many more follow as there are due. */
const MOST_BATCHES = 100;

/**
 * Starts flows when their schedules are due, where Inngest runs executions. Inngest's own schedules know whole minutes; each of its
 * ticks sleeps until what is due within its minute. What nobody saw in time the next tick makes up for, and no slot starts twice.
 */
export const scheduleTickFunction = inngest.createFunction(
  { id: "schedule-tick", name: "Start scheduled flows", retries: 3, triggers: [{ cron: "* * * * *" }] },
  async ({ step }) => {
    const endsAt = await step.run("begin", () => Date.now() + TICK_MS);
    for (let look = 1; ; look++) {
      const next = await step.run(`look-${look}`, async () => {
        for (let batch = 0; batch < MOST_BATCHES && (await startDue(new Date())) > 0; batch++);
        const due = await nextScheduleAt();
        return Math.min(due?.getTime() ?? Number.POSITIVE_INFINITY, Date.now() + LONGEST_LOOK_MS);
      });
      if (next >= endsAt) return;
      await step.sleepUntil(`sleep-${look}`, new Date(next));
    }
  },
);
