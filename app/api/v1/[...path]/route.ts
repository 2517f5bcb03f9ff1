import { handleRest } from "@/server/rest/handler";
import { counted } from "@/server/rest/metrics";

const answer = counted("rest", handleRest);

export { answer as DELETE, answer as GET, answer as HEAD, answer as OPTIONS, answer as PATCH, answer as POST, answer as PUT };
