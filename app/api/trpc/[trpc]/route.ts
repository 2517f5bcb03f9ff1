import { counted } from "@/server/rest/metrics";
import { handleTrpc } from "@/server/trpc/handler";

const answer = counted("trpc", handleTrpc);

export { answer as GET, answer as POST };

// Live events are streamed for as long as an execution runs.
export const dynamic = "force-dynamic";
