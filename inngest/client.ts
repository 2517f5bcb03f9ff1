import { Inngest } from "inngest";
import type { SendEvents } from "@/server/execution/inngest/events";
import type { FindRun } from "@/server/execution/inngest/lost-runs";
import { logger } from "@/server/logger";
import { AfterResponseMiddleware } from "./after-response";
import { DISPATCH_EVENT } from "./dispatch-event";
import { bearerOf } from "./keys";
import { RefuseCallsMiddleware } from "./refuse-calls";

/** A server that accepts a connection and never answers would hold a request for good. */
const TIMEOUT_MS = 15_000;

const fetchInTime: typeof fetch = (input, init) => {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout });
};

/**
 * The connection to Inngest. Where it is and what it is proved with comes from the environment, as the SDK reads it:
 * `INNGEST_EVENT_KEY` and `INNGEST_SIGNING_KEY`, with `INNGEST_BASE_URL` for a server of one's own; or `INNGEST_DEV`.
 */
export const inngest = new Inngest({
  id: "tolstoy",
  logger: logger.child({ part: "inngest" }),
  fetch: fetchInTime,
  middleware: [RefuseCallsMiddleware, AfterResponseMiddleware],
  // After each step in a line Inngest hears of it: a process that dies costs the step that it was at, no more.
  checkpointing: { bufferedSteps: 1 },
  aiMetadata: false,
  sessionPropagation: false,
});

/** Hands events over. @throws when Inngest did not accept them. */
export const sendEvents: SendEvents = async (events) => {
  await inngest.send(events);
};

/** Has the function `dispatch-webhook` send messages. @throws when Inngest did not accept them. */
export const announceDeliveries = async (deliveryIds: string[]): Promise<void> => {
  await inngest.send(deliveryIds.map((deliveryId) => ({ name: DISPATCH_EVENT, data: { deliveryId } })));
};

/** Asks Inngest whether it knows a run. @throws when it cannot be asked. */
export const findRun: FindRun = async (runId) => {
  const { signingKey } = inngest;
  const response = await fetchInTime(new URL(`/v1/runs/${runId}`, inngest.apiBaseUrl), {
    headers: signingKey === undefined ? {} : { authorization: `Bearer ${bearerOf(signingKey)}` },
  });
  if (response.status === 404) return "unknown";
  if (!response.ok) throw new Error(`Inngest answered ${response.status} when asked about run ${runId}`);
  return "known";
};
