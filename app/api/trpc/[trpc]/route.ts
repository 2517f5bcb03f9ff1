import { handleTrpc } from "@/server/trpc/handler";

export { handleTrpc as GET, handleTrpc as POST };

// Live events are streamed for as long as an execution runs.
export const dynamic = "force-dynamic";
