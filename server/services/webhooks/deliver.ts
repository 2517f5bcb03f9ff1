import type { HttpClient } from "@/flow/node/context";
import { Redactor } from "@/server/credentials/redactor";
import { logger } from "@/server/logger";
import { sql } from "@/server/sql";
import { headersOf } from "./headers";
import { openWebhook } from "./secrets";

/** Milliseconds before each further attempt; after the last one the message has failed. */
export const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 16_000];
const TIMEOUT_MS = 30_000;
/** So long an attempt has the message to itself: a process that dies with it leaves it to others then. */
const LEASE_MS = 90_000;
const LONGEST_ERROR = 1_000;
/** Characters of an answer that are kept. */
const LONGEST_EXCERPT = 1_000;

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
  const { status, error, excerpt } = await send(http, deliveryId, row);
  const isDelivered = status !== null && status >= 200 && status < 300;
  const isFinal = isDelivered || !row.enabled || (status !== null && status < 500) || row.attempts > BACKOFF_MS.length;
  const at = new Date(Date.now() + (BACKOFF_MS[row.attempts - 1] ?? 0));
  const kind = isDelivered ? "delivered" : isFinal ? "failed" : "pending";
  await sql().query({
    name: "webhook-attempted",
    text: `update webhook_delivery set status = $2, next_at = $3, response_status = $4, error = $5, duration_ms = $6, response_excerpt = $7,
      finished_at = case when $2 <> 'pending' then clock_timestamp() end where id = $1 and status = 'pending'`,
    values: [deliveryId, kind, at, status, error, Date.now() - start, excerpt],
  });
  const details = { webhookId: row.webhook_id, orgId: row.organization_id, deliveryId, eventType: row.event_type, statusCode: status };
  if (isDelivered) logger.info(details, "webhook delivered");
  else
    logger.warn({ ...details, error, attempts: row.attempts }, isFinal ? "webhook could not be delivered" : "webhook will be tried again");
  return kind === "pending" ? { kind: "later", at, error: error ?? "" } : { kind };
}

interface Answer {
  status: number | null;
  error: string | null;
  excerpt: string | null;
}

async function send(http: HttpClient, id: string, row: TakenRow): Promise<Answer> {
  if (!row.enabled) return { status: null, error: "The webhook was turned off", excerpt: null };
  try {
    const { secret, headers } = openWebhook({ ...row, organizationId: row.organization_id, id: row.webhook_id });
    const { status, body } = await http.request({
      method: "POST",
      url: row.url,
      headers: headersOf({ id, eventType: row.event_type, body: row.payload, secret, headers }),
      body: row.payload,
      timeoutMs: TIMEOUT_MS,
      // Elsewhere is not where it was meant to go.
      followRedirects: false,
      maxResponseBytes: 65_536,
    });
    const error = status >= 200 && status < 300 ? null : `The address answered ${status}`;
    return { status, error, excerpt: excerptOf(body, [secret ?? "", ...Object.values(headers)]) };
  } catch (thrown) {
    return { status: null, error: (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, LONGEST_ERROR), excerpt: null };
  }
}

/** The beginning of an answer. A receiver may repeat what it was sent: what proves us to it is left out. */
function excerptOf(body: Uint8Array, secrets: readonly string[]): string | null {
  const redactor = new Redactor();
  redactor.add(secrets.flatMap((text) => [text, ...text.split(" ")]));
  const text = redactor.redact(new TextDecoder().decode(body)).replaceAll("\u0000", "\uFFFD");
  // Half a surrogate pair at the cut is no text.
  return text === "" ? null : text.slice(0, LONGEST_EXCERPT).replace(/[\uD800-\uDBFF]$/, "");
}

async function pendingUntil(deliveryId: string): Promise<Attempted> {
  const { rows } = await sql().query<{ next_at: Date }>("select next_at from webhook_delivery where id = $1 and status = 'pending'", [
    deliveryId,
  ]);
  return rows[0] ? { kind: "later", at: rows[0].next_at, error: "The message is not due yet" } : { kind: "none" };
}
