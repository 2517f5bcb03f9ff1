/** What webhooks can be told of, with words for people. */
export const WEBHOOK_EVENT_TYPES = {
  "flow.started": "A flow's execution began",
  "flow.completed": "A flow's execution succeeded",
  "flow.failed": "A flow's execution failed, or took too long",
  "step.started": "A step began",
  "step.completed": "A step succeeded",
  "step.failed": "A step failed for good",
  "step.skipped": "A step was skipped, because its node is disabled",
  "action.executed": "An action of a tool was executed",
  "action.failed": "An action of a tool failed for good",
  "credential.reconnect_required": "A connected account is not accepted by its provider any more",
  "webhook.test": "Somebody tries the webhook out",
} as const;

export type WebhookEventType = keyof typeof WEBHOOK_EVENT_TYPES;
