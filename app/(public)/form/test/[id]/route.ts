import { handleTestForm } from "@/server/triggers/public/form";

const answer = async (request: Request, { params }: { params: Promise<{ id: string }> }) => handleTestForm(request, (await params).id);

export { answer as GET, answer as POST };
