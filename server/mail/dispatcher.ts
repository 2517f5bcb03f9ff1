import { setTimeout } from "node:timers/promises";
import { logger } from "../logger";
import { sql } from "../sql";
import { sendMail } from "./transport";

const EVERY_MS = 5_000;
const BATCH = 10;
/** Milliseconds before each further attempt; after the last one the mail has failed. */
const BACKOFF_MS = [60_000, 300_000, 1_800_000, 7_200_000];
/** Longer than any attempt takes: whoever began it then has ended. */
const ABANDONED_MS = 600_000;
const KEPT_DAYS = 30;

/**
 * Sends what was queued, in this process beside any others.
 * @returns ends after the mails that are under way
 */
export function startMail({ everyMs = EVERY_MS } = {}): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const count = await dispatchMail().catch((error: unknown) => {
        logger.error({ err: error }, "mails could not be looked at");
        return 0;
      });
      if (count < BATCH) await setTimeout(everyMs, undefined, { ref: false, signal }).catch(() => {});
    }
  };
  const running = loop();
  return async () => {
    stopping.abort();
    await running;
  };
}

interface DueRow {
  id: string;
  subject: string;
  body: string;
  attempts: number;
  /** Null when they are no member any more. */
  email: string | null;
}

/** One round. A mail whose sending was cut off is not sent again: it may have gone out. @returns how many were looked at */
export async function dispatchMail(): Promise<number> {
  await sql().query({
    name: "mail-settle",
    text: `update mail_message set status = 'unclear', error = 'The process ended while it was sent', finished_at = clock_timestamp()
      where finished_at is null and status = 'sending' and next_at < clock_timestamp() - $1 * interval '1 millisecond'`,
    values: [ABANDONED_MS],
  });
  const { rows } = await sql().query<DueRow>({
    name: "mail-take",
    text: `with taken as (
        update mail_message set status = 'sending', attempts = attempts + 1, next_at = clock_timestamp() where id = any (array(
          select id from mail_message where finished_at is null and status = 'pending' and next_at <= clock_timestamp()
          order by next_at limit ${BATCH} for update skip locked))
        returning id, organization_id, user_id, subject, body, attempts)
      select t.id, t.subject, t.body, t.attempts, u.email from taken t
      left join member m on m.user_id = t.user_id and m.organization_id = t.organization_id left join "user" u on u.id = m.user_id`,
  });
  for (const row of rows) await send(row);
  await sql().query({
    name: "mail-prune",
    text: `delete from mail_message where id = any (array(
      select id from mail_message where finished_at < clock_timestamp() - $1 * interval '1 day' limit 1000))`,
    values: [KEPT_DAYS],
  });
  return rows.length;
}

async function send({ id, subject, body, attempts, email }: DueRow): Promise<void> {
  const sent =
    email === null ? ({ kind: "failed", error: "They are no member any more" } as const) : await sendMail({ id, to: email, subject, body });
  const pause = BACKOFF_MS[attempts - 1];
  const isLater = sent.kind === "later" && pause !== undefined;
  const status = isLater ? "pending" : sent.kind === "later" ? "failed" : sent.kind;
  const error = sent.kind === "sent" ? null : sent.error;
  await sql().query({
    name: "mail-settled",
    text: `update mail_message set status = $2, error = $3, next_at = clock_timestamp() + $4 * interval '1 millisecond',
      finished_at = case when $2 <> 'pending' then clock_timestamp() end where id = $1 and status = 'sending'`,
    values: [id, status, error, isLater ? pause : 0],
  });
  if (error !== null) logger.warn({ mailId: id, error, attempts }, isLater ? "a mail will be sent later" : "a mail was not sent");
}
