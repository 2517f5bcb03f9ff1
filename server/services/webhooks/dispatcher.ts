import { setTimeout } from "node:timers/promises";
import { logger } from "@/server/logger";
import { sql } from "@/server/sql";
import { attemptDelivery } from "./deliver";
import { webhookHttp } from "./http";
import { noteHappenings } from "./note";

const EVERY_MS = 500;
const BATCH = 20;
const KEPT_DAYS = 30;
const PRUNE_EVERY_MS = 600_000;
/** After this long Inngest is told again of a message that nobody has delivered. */
const ANNOUNCE_AGAIN_MS = 60_000;

/** Has messages delivered elsewhere. Rejects when they were not taken. */
export type AnnounceDeliveries = (deliveryIds: string[]) => Promise<void>;

/**
 * Writes and sends messages to webhooks, in this process beside any others. With `announce` others send them: then it only tells
 * whom to send.
 * @returns ends after what is under way
 */
export function startWebhooks(announce: AnnounceDeliveries | null, { everyMs = EVERY_MS } = {}): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let pruneAt = Date.now() + PRUNE_EVERY_MS / 10;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const busy = await dispatchWebhooks(announce).catch((error: unknown) => {
        logger.error({ err: error }, "messages to webhooks could not be looked at");
        return false;
      });
      if (Date.now() >= pruneAt) {
        pruneAt = Date.now() + PRUNE_EVERY_MS;
        await pruneDeliveries().catch((error: unknown) => logger.error({ err: error }, "old messages to webhooks could not be deleted"));
      }
      if (!busy) await setTimeout(everyMs, undefined, { ref: false, signal }).catch(() => {});
    }
  };
  const running = loop();
  return async () => {
    stopping.abort();
    await running;
  };
}

/** One round. @returns whether there is probably more to do */
export async function dispatchWebhooks(announce: AnnounceDeliveries | null): Promise<boolean> {
  const noted = await noteHappenings();
  const due = announce ? await announceDue(announce) : await deliverDue();
  return noted > 0 || due >= BATCH;
}

async function deliverDue(): Promise<number> {
  const { rows } = await sql().query<{ id: string }>({
    name: "webhook-due",
    text: `select id from webhook_delivery where status = 'pending' and next_at <= clock_timestamp() order by next_at limit ${BATCH}`,
  });
  await Promise.all(rows.map(({ id }) => attemptDelivery(webhookHttp(), id)));
  return rows.length;
}

async function announceDue(announce: AnnounceDeliveries): Promise<number> {
  const { rows } = await sql().query<{ id: string }>({
    name: "webhook-announce",
    text: `update webhook_delivery set announced_at = clock_timestamp() where id = any (array(
        select id from webhook_delivery where status = 'pending' and next_at <= clock_timestamp()
          and (announced_at is null or announced_at < clock_timestamp() - $1 * interval '1 millisecond')
        order by next_at limit ${BATCH} for update skip locked)) returning id`,
    values: [ANNOUNCE_AGAIN_MS],
  });
  if (rows.length > 0) await announce(rows.map(({ id }) => id));
  return rows.length;
}

/** Deletes messages that were settled long ago. */
export async function pruneDeliveries(): Promise<void> {
  await sql().query(
    `delete from webhook_delivery where id = any (array(
      select id from webhook_delivery where finished_at < clock_timestamp() - $1 * interval '1 day' order by finished_at limit 5000))`,
    [KEPT_DAYS],
  );
}
