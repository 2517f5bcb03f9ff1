import { handleHealth } from "@/server/rest/health";

export { handleHealth as GET };

// Asked anew each time: at build time there is nothing to ask.
export const dynamic = "force-dynamic";
