import { createHash } from "node:crypto";
import { ServiceError } from "../services/errors";
import { sql } from "../sql";

/** At most `max` attempts by one subject in a window. */
export interface Limit {
  /** What is limited and whose it is: `sign-in:email:…`. Stored hashed. */
  subject: string;
  max: number;
  windowSeconds: number;
}

const keyOf = (subject: string): string => createHash("sha256").update(subject).digest("hex");

/**
 * Counts an attempt against each limit, before it is made, so that a burst cannot slip through.
 * @throws ServiceError `rate_limited` with the seconds to wait.
 */
export async function countAttempt(limits: readonly Limit[]): Promise<void> {
  if (Math.random() < PRUNE_SHARE) await prune();
  for (const { subject, max, windowSeconds } of limits) {
    const { rows } = await sql().query<{ count: number; wait: number }>({
      name: "rate-limit-count",
      text: `insert into rate_limit as r (key, count, reset_at) values ($1, 1, now() + make_interval(secs => $2))
             on conflict (key) do update set
               count = case when r.reset_at <= now() then 1 else r.count + 1 end,
               reset_at = case when r.reset_at <= now() then excluded.reset_at else r.reset_at end
             returning count, ceil(extract(epoch from reset_at - now()))::int as wait`,
      values: [keyOf(subject), windowSeconds],
    });
    const [row] = rows;
    if (row && row.count > max) {
      const minutes = Math.ceil(row.wait / 60);
      throw new ServiceError("rate_limited", `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`, {
        retryAfterSeconds: row.wait,
      });
    }
  }
}

/** Takes an attempt that succeeded off the counts again: only failures add up. */
export async function forgiveAttempt(limits: readonly Limit[]): Promise<void> {
  await sql().query({
    name: "rate-limit-forgive",
    text: "update rate_limit set count = count - 1 where key = any($1) and count > 0",
    values: [limits.map(({ subject }) => keyOf(subject))],
  });
}

/** One attempt in so many tidies up: there is no more to remove than attempts have made. */
const PRUNE_SHARE = 0.02;

async function prune(): Promise<void> {
  await sql().query("delete from rate_limit where reset_at < now() - interval '1 hour'");
}
