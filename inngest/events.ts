import { eventType } from "inngest";
import { z } from "zod";
import { CANCEL_EVENT, EXECUTE_EVENT, LEAVE_EVENT, RESUME_EVENT } from "@/server/execution/inngest/events";
import { DISPATCH_EVENT } from "./dispatch-event";

/** The execution is recorded; run it. */
export const executeEvent = eventType(EXECUTE_EVENT, {
  schema: z.object({ executionId: z.string(), organizationId: z.string(), flowId: z.string(), claimNo: z.number().optional() }),
});

/** The execution is cancelled; its run need not go on. */
export const cancelEvent = eventType(CANCEL_EVENT, { schema: z.object({ executionId: z.string() }) });

/** The execution was taken from the run that was started with this count. */
export const leaveEvent = eventType(LEAVE_EVENT, { schema: z.object({ executionId: z.string(), claimNo: z.number() }) });

/** A signal is stored; whoever waits with this token looks for it. */
export const resumeEvent = eventType(RESUME_EVENT, { schema: z.object({ executionId: z.string(), token: z.string() }) });

/** A message to a webhook is written and due. */
export const dispatchEvent = eventType(DISPATCH_EVENT, { schema: z.object({ deliveryId: z.string() }) });
