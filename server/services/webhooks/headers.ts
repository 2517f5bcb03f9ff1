import type { JsonObject } from "@/flow/item";
import { signatureOf } from "./sign";

/** What stands in for a value that is not shown. */
const HIDDEN = "hidden";

interface Message {
  id: string;
  eventType: string;
  payload: JsonObject;
  secret: string | null;
  /** The webhook's own. */
  headers: Record<string, string>;
}

/** Headers of one attempt, signed now: with `x-webhook-timestamp` its receiver tells how long it was under way. */
export function headersOf({ id, eventType, payload, secret, headers }: Message): Record<string, string> {
  const timestamp = Date.now();
  return {
    ...headers,
    "content-type": "application/json",
    "x-webhook-event": eventType,
    "x-webhook-timestamp": String(timestamp),
    "x-webhook-delivery": id,
    ...(secret !== null && { "x-webhook-signature": signatureOf(secret, payload, timestamp) }),
  };
}

/** Headers as they are shown to people: without values of the webhook's own, and without what is made anew for each attempt. */
export const shownHeaders = ({
  id,
  eventType,
  headerNames,
  hasSecret,
}: {
  id: string;
  eventType: string;
  headerNames: string[];
  hasSecret: boolean;
}): { name: string; value: string }[] => [
  { name: "content-type", value: "application/json" },
  { name: "x-webhook-event", value: eventType },
  { name: "x-webhook-delivery", value: id },
  { name: "x-webhook-timestamp", value: "when it is sent" },
  ...(hasSecret ? [{ name: "x-webhook-signature", value: HIDDEN }] : []),
  ...headerNames.map((name) => ({ name, value: HIDDEN })),
];
