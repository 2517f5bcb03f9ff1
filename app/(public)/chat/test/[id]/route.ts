import { handleTestChat } from "@/server/triggers/public/chat";

const answer = async (request: Request, { params }: { params: Promise<{ id: string }> }) => handleTestChat(request, (await params).id);

export { answer as GET, answer as POST };
