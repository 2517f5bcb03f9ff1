/** A message to a webhook is due. */
export const DISPATCH_EVENT = "webhook/dispatch";
