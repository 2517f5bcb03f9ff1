import { counted } from "@/server/rest/metrics";
import { handleForm } from "@/server/triggers/public/form";

const answer = counted("webhook", async (request: Request, { params }: { params: Promise<{ id: string }> }) =>
  handleForm(request, (await params).id),
);

export { answer as GET, answer as POST };
