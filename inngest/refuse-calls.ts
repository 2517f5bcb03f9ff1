import { Middleware } from "inngest";
import { answerCall, refusesCalls } from "@/server/execution/inngest/calls";

/** Until another process may have the address of this one. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Has a process that stops finish the calls that it is at, and refuse new ones: Inngest calls again a little later, and finds another
 * process. Comes first, so that what follows an answer is waited for too.
 */
export class RefuseCallsMiddleware extends Middleware.BaseMiddleware {
  readonly id = "refuse-calls";

  override async wrapRequest({ next }: Middleware.WrapRequestArgs): Promise<Middleware.Response> {
    if (!refusesCalls()) return answerCall(next);
    return {
      status: 503,
      headers: {
        "content-type": "application/json",
        "retry-after": String(RETRY_AFTER_SECONDS),
        // Without it Inngest takes the answer for one of somebody else's.
        "x-inngest-sdk": "inngest-js",
        "x-inngest-no-retry": "false",
      },
      body: JSON.stringify({ name: "Error", message: "This process is stopping: another one takes the call" }),
    };
  }
}
