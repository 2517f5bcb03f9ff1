import { appUrl } from "../auth/settings";

/** Where a webhook trigger answers. */
export const webhookUrl = (triggerId: string): string => `${appUrl().origin}/api/hooks/${triggerId}`;

/** Where people find a form or a chat, and where it is tried out. */
export const pageUrl = (kind: "form" | "chat", triggerId: string): string => `${appUrl().origin}/${kind}/${triggerId}`;
export const testPageUrl = (kind: "form" | "chat", triggerId: string): string => `${appUrl().origin}/${kind}/test/${triggerId}`;

/** Where the same trigger is tried out: calls are kept for the editor and start nothing. */
export const testWebhookUrl = (triggerId: string): string => `${appUrl().origin}/api/hooks/test/${triggerId}`;
