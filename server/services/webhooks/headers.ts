import type { JsonObject } from "@/flow/item";
import { signatureOf, standardSignatureOf } from "./sign";

/** Headers that we set ourselves, or that would change how the message is sent. */
export const RESERVED_HEADER =
  /^(host|content-length|content-type|transfer-encoding|connection|upgrade|x-webhook-.*|webhook-(id|timestamp|signature))$/i;

/** What stands in for a value that is not shown. */
const HIDDEN = "hidden";
/** What stands in for an instant that each attempt has its own of. */
const SENT = "when it is sent";

interface Message {
  id: string;
  eventType: string;
  /** JSON, as it is sent. */
  body: string;
  secret: string | null;
  /** The webhook's own. */
  headers: Record<string, string>;
}

/**
 * Headers of one attempt, signed now: with `x-webhook-timestamp` its receiver tells how long it was under way. Those without the `x-`
 * are of Standard Webhooks, which libraries of many languages check.
 */
export function headersOf({ id, eventType, body, secret, headers }: Message): Record<string, string> {
  const timestamp = Date.now();
  const seconds = Math.floor(timestamp / 1000);
  // One of an older webhook may have a name that was free then.
  const own = Object.entries(headers).filter(([name]) => !RESERVED_HEADER.test(name));
  return {
    ...Object.fromEntries(own),
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "x-webhook-event": eventType,
    "x-webhook-timestamp": String(timestamp),
    "x-webhook-delivery": id,
    ...(secret !== null && {
      "webhook-signature": standardSignatureOf(secret, { id, timestamp: seconds, body }),
      "x-webhook-signature": signatureOf(secret, JSON.parse(body) as JsonObject, timestamp),
    }),
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
  { name: "webhook-id", value: id },
  { name: "webhook-timestamp", value: SENT },
  ...(hasSecret ? [{ name: "webhook-signature", value: HIDDEN }] : []),
  { name: "x-webhook-event", value: eventType },
  { name: "x-webhook-delivery", value: id },
  { name: "x-webhook-timestamp", value: SENT },
  ...(hasSecret ? [{ name: "x-webhook-signature", value: HIDDEN }] : []),
  ...headerNames.map((name) => ({ name, value: HIDDEN })),
];
