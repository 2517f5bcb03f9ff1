import { counted } from "@/server/rest/metrics";
import { handleWebhook } from "@/server/triggers/webhook";

const answer = counted("webhook", async (request: Request, { params }: { params: Promise<{ id: string }> }) =>
  handleWebhook(request, (await params).id),
);

export { answer as DELETE, answer as GET, answer as HEAD, answer as OPTIONS, answer as PATCH, answer as POST, answer as PUT };
