import { benchItems } from "./items";
import { benchWebhooks } from "./webhook";

benchItems();
await benchWebhooks();
