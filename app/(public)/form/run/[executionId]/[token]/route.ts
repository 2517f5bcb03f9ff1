import { handleFormRun } from "@/server/triggers/public/form-run";

const answer = async (request: Request, { params }: { params: Promise<{ executionId: string; token: string }> }) =>
  handleFormRun(request, await params);

export { answer as GET, answer as POST };
