import { RetryAfterError } from "inngest";
import { attemptDelivery, BACKOFF_MS } from "@/server/services/webhooks/deliver";
import { webhookHttp } from "@/server/services/webhooks/http";
import { inngest } from "../client";
import { dispatchEvent } from "../events";

/** Sends one message to a webhook, again after a while where that may help. What became of it is in its row. */
export const dispatchWebhookFunction = inngest.createFunction(
  {
    id: "dispatch-webhook",
    name: "Dispatch webhook",
    // One more than there are attempts: Inngest may call a little before the next one is due.
    retries: (BACKOFF_MS.length + 1) as 6,
    triggers: [dispatchEvent],
  },
  ({ event, step }) =>
    step.run("deliver", async () => {
      const attempted = await attemptDelivery(webhookHttp(), event.data.deliveryId);
      if (attempted.kind === "later") throw new RetryAfterError(attempted.error, attempted.at);
      return attempted.kind;
    }),
);
