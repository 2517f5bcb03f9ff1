import { appUrl } from "../auth/settings";

/** Where a webhook trigger answers. */
export const webhookUrl = (triggerId: string): string => `${appUrl().origin}/api/hooks/${triggerId}`;

/** Where the same trigger is tried out: calls are kept for the editor and start nothing. */
export const testWebhookUrl = (triggerId: string): string => `${appUrl().origin}/api/hooks/test/${triggerId}`;
