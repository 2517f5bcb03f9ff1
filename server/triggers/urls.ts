import { appUrl } from "../auth/settings";

/** Where a webhook trigger answers. */
export const webhookUrl = (triggerId: string): string => `${appUrl().origin}/api/hooks/${triggerId}`;
