import { handleMetrics } from "@/server/rest/metrics";

export { handleMetrics as GET };

// Asked anew each time: at build time there is nothing to ask.
export const dynamic = "force-dynamic";
