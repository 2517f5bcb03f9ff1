import { benchWebhooks } from "./webhook";

await benchWebhooks();
