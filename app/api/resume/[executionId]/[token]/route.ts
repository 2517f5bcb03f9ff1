import { handleResume } from "@/server/triggers/resume";

const answer = async (request: Request, { params }: { params: Promise<{ executionId: string; token: string }> }) =>
  handleResume(request, await params);

export { answer as DELETE, answer as GET, answer as HEAD, answer as OPTIONS, answer as PATCH, answer as POST, answer as PUT };
