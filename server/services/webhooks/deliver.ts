import type { JsonObject } from "@/flow/item";
import type { HttpClient } from "@/flow/node/context";
import { logger } from "@/server/logger";
import { sql } from "@/server/sql";
import { openWebhook } from "./secrets";
import { signatureOf } from "./sign";

/** Milliseconds before each further attempt; after the last one the message has failed. */
export const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 16_000];
const TIMEOUT_MS = 30_000;
/** So long an attempt has the message to itself: a process that dies with it leaves it to others then. */
const LEASE_MS = 90_000;
const LONGEST_ERROR = 1_000;

interface TakenRow {
  webhook_id: string;
  organization_id: string;
  event_type: string;
  payload: string;
  attempts: number;
  url: string;
  secret: string | null;
  headers: string | null;
  enabled: boolean;
}

/** What an attempt came to. `later`: there is another one, not before `at`. `none`: there was nothing to do. */
export type Attempted = { kind: "delivered" | "failed" | "none" } | { kind: "later"; at: Date; error: string };

/**
 * Sends a message once, if it is due, or said to be. A network fault, a time-out and an answer from 500 on are tried again; an answer below is the
 * receiver's word and final. What becomes of it is in its row; nothing here fails an execution.
 */
export async function attemptDelivery(http: HttpClient, deliveryId: string, isDue = false): Promise<Attempted> {
  const { rows } = await sql().query<TakenRow>({
    name: "webhook-take",
    text: `update webhook_delivery d set attempts = attempts + 1, next_at = clock_timestamp() + $2 * interval '1 millisecond'
      from webhook w where d.id = $1 and d.status = 'pending' and (d.next_at <= clock_timestamp() or $3) and w.id = d.webhook_id
      returning d.webhook_id, d.organization_id, d.event_type, d.payload, d.attempts, w.url, w.secret, w.headers, w.enabled`,
    values: [deliveryId, LEASE_MS, isDue],
  });
  const [row] = rows;
  // Trying one out tells whether it may be turned on.
  if (row?.event_type === "webhook.test") row.enabled = true;
  if (!row) return pendingUntil(deliveryId);
  const start = Date.now();
  const { status, error } = await send(http, deliveryId, row);
  const isDelivered = status !== null && status >= 200 && status < 300;
  const isFinal = isDelivered || !row.enabled || (status !== null && status < 500) || row.attempts > BACKOFF_MS.length;
  const at = new Date(Date.now() + (BACKOFF_MS[row.attempts - 1] ?? 0));
  const kind = isDelivered ? "delivered" : isFinal ? "failed" : "pending";
  await sql().query({
    name: "webhook-attempted",
    text: `update webhook_delivery set status = $2, next_at = $3, response_status = $4, error = $5, duration_ms = $6,
      finished_at = case when $2 <> 'pending' then clock_timestamp() end where id = $1 and status = 'pending'`,
    values: [deliveryId, kind, at, status, error, Date.now() - start],
  });
  const details = { webhookId: row.webhook_id, orgId: row.organization_id, deliveryId, eventType: row.event_type, statusCode: status };
  if (isDelivered) logger.info(details, "webhook delivered");
  else
    logger.warn({ ...details, error, attempts: row.attempts }, isFinal ? "webhook could not be delivered" : "webhook will be tried again");
  return kind === "pending" ? { kind: "later", at, error: error ?? "" } : { kind };
}

async function send(http: HttpClient, id: string, row: TakenRow): Promise<{ status: number | null; error: string | null }> {
  if (!row.enabled) return { status: null, error: "The webhook was turned off" };
  try {
    const { secret, headers } = openWebhook({ ...row, organizationId: row.organization_id, id: row.webhook_id });
    const payload = JSON.parse(row.payload) as JsonObject;
    const timestamp = Number(payload.timestamp);
    const { status } = await http.request({
      method: "POST",
      url: row.url,
      headers: {
        ...headers,
        "content-type": "application/json",
        "x-webhook-event": row.event_type,
        "x-webhook-timestamp": String(timestamp),
        "x-webhook-delivery": id,
        ...(secret !== null && { "x-webhook-signature": signatureOf(secret, payload, timestamp) }),
      },
      body: row.payload,
      timeoutMs: TIMEOUT_MS,
      // Elsewhere is not where it was meant to go.
      followRedirects: false,
      maxResponseBytes: 65_536,
    });
    return { status, error: status >= 200 && status < 300 ? null : `The address answered ${status}` };
  } catch (thrown) {
    return { status: null, error: (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, LONGEST_ERROR) };
  }
}

async function pendingUntil(deliveryId: string): Promise<Attempted> {
  const { rows } = await sql().query<{ next_at: Date }>("select next_at from webhook_delivery where id = $1 and status = 'pending'", [
    deliveryId,
  ]);
  return rows[0] ? { kind: "later", at: rows[0].next_at, error: "The message is not due yet" } : { kind: "none" };
}
