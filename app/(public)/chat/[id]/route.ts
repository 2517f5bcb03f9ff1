import { counted } from "@/server/rest/metrics";
import { handleChat } from "@/server/triggers/public/chat";

const answer = counted("webhook", async (request: Request, { params }: { params: Promise<{ id: string }> }) =>
  handleChat(request, (await params).id),
);

export { answer as GET, answer as POST };
