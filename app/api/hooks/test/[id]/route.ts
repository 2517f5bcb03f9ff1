import { handleTestWebhook } from "@/server/triggers/webhook";

const answer = async (request: Request, { params }: { params: Promise<{ id: string }> }) => handleTestWebhook(request, (await params).id);

export { answer as DELETE, answer as GET, answer as HEAD, answer as OPTIONS, answer as PATCH, answer as POST, answer as PUT };
