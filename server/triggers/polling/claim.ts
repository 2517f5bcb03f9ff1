import { sql } from "@/server/sql";

/** Seconds after which somebody else polls: longer than a poll may take. */
export const LEASE_SECONDS = 180;
/** Polls of one organization at the same time: one whose services hang must not keep the others waiting. */
const MOST_OF_ORGANIZATION = 5;

/** A trigger that this process polls until its lease ends. */
export interface ClaimedPoll {
  triggerId: string;
  organizationId: string;
  flowId: string;
  flowName: string;
  version: number;
  nodeId: string;
  leaseId: string;
  /** Hash of what the cursor is about. */
  source: string | null;
  generation: number;
  /** JSON text. */
  cursor: string | null;
  failures: number;
  /** When the last one worked. */
  polledAt: Date | null;
}

/** Flows of which this is false neither poll nor have polls of theirs recorded. */
export const FIRES = `t.active and t.type = 'poll' and f.active and f.deleted_at is null and f.published_version is not null`;

/**
 * Takes triggers that are due, an organization's turn after the other's. What was found and has not been started yet comes first: the
 * trigger waits for it.
 */
const CLAIM = `
with busy as (
  select organization_id, count(*) as polls from poll_state where lease_until > clock_timestamp() group by organization_id
), turns as (
  select p.trigger_id, p.next_at,
    coalesce(b.polls, 0) + row_number() over (partition by p.organization_id order by p.next_at, p.trigger_id) as turn
  from poll_state p
  join trigger t on t.id = p.trigger_id
  join flow f on f.id = t.flow_id
  left join busy b on b.organization_id = p.organization_id
  where p.next_at <= $1 and (p.lease_until is null or p.lease_until <= clock_timestamp()) and ${FIRES}
    and not exists (select 1 from poll_batch w where w.trigger_id = p.trigger_id)
), taken as (
  select p.trigger_id from poll_state p join turns using (trigger_id)
  where turns.turn <= ${MOST_OF_ORGANIZATION}
    and p.next_at <= $1 and (p.lease_until is null or p.lease_until <= clock_timestamp())
  order by turns.turn, turns.next_at limit $2 for update of p skip locked
)
update poll_state p set lease_id = gen_random_uuid()::text, lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
from taken k, trigger t, flow f
where p.trigger_id = k.trigger_id and t.id = p.trigger_id and f.id = t.flow_id
returning p.trigger_id as "triggerId", p.organization_id as "organizationId", t.flow_id as "flowId", f.name as "flowName",
  f.published_version as version, t.node_id as "nodeId", p.lease_id as "leaseId", p.source, p.generation, p.cursor, p.failures, p.polled_at as "polledAt"`;

/** Takes triggers that are due at an instant, at most so many: nobody else polls them until they are given back. */
export async function claimPolls(now: Date, most: number): Promise<ClaimedPoll[]> {
  const { rows } = await sql().query<ClaimedPoll>({ name: "polls-claim", text: CLAIM, values: [now, most] });
  return rows;
}

/** Gives a trigger back as it was: nothing was polled. */
export async function releasePoll({ triggerId, leaseId }: ClaimedPoll): Promise<void> {
  await sql().query({
    name: "poll-release",
    text: "update poll_state set lease_id = null, lease_until = null where trigger_id = $1 and lease_id = $2",
    values: [triggerId, leaseId],
  });
}

/** When the next trigger is due; null when there is none. */
export async function nextPollAt(): Promise<Date | null> {
  const { rows } = await sql().query<{ at: Date | null }>({
    name: "polls-next",
    text: `select min(greatest(p.next_at, p.lease_until)) as at from poll_state p join trigger t on t.id = p.trigger_id join flow f on f.id = t.flow_id
      where ${FIRES}`,
  });
  return rows[0]?.at ?? null;
}
