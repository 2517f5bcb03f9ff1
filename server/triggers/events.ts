import type pg from "pg";
import type { JsonObject } from "@/flow/item";
import type { ExecutionEngine } from "../execution/engine";
import { getEngine } from "../execution/get-engine";
import { logger } from "../logger";
import { sql } from "../sql";
import { matchesName, startListening } from "./event-triggers";
import { pruneArrivals } from "./prune-arrivals";
import { startKept } from "./start-kept";

const POLL_MS = 1_000;
const BATCH = 50;
const PRUNE_EVERY_MS = 3_600_000;
const REST_MS = 5_000;

interface EventRow {
  id: string;
  organization_id: string;
  name: string;
  data: JsonObject;
  received_at: Date;
}

const itemOf = ({ id, name, data, received_at }: EventRow): JsonObject => ({ id, name, data, receivedAt: received_at.toISOString() });

/** Events that could not be seen to, until when they are left alone: the others must not wait for them. */
const resting = new Map<string, number>();

/** Starts the flows that listen to events which nobody has seen to yet, and ends the waits for them. @returns how many of the first */
export async function dispatchEvents(pool: pg.Pool, engine: ExecutionEngine): Promise<number> {
  for (const [id, until] of resting) if (until < Date.now()) resting.delete(id);
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("begin");
    const { rows } = await client.query<EventRow>({
      name: "events-take",
      // The rows stay locked until they are seen to: other processes pass them by.
      text: `select id, organization_id, name, data, received_at from named_event where dispatched_at is null and id <> all ($1)
        order by received_at limit ${BATCH} for update skip locked`,
      values: [[...resting.keys()]],
    });
    const seenTo: string[] = [];
    for (const row of rows) {
      try {
        await startListening(pool, engine, {
          organizationId: row.organization_id,
          json: itemOf(row),
          dedupeKey: `event:${row.id}`,
          type: "event",
          matches: ({ source, name }) => source === "named" && matchesName(name, row.name),
        });
        seenTo.push(row.id);
      } catch (error) {
        logger.error({ err: error, eventId: row.id }, "an event could not be given to the flows that listen to it, and is tried again");
        resting.set(row.id, Date.now() + REST_MS);
      }
    }
    if (seenTo.length > 0) {
      await client.query("update named_event set dispatched_at = clock_timestamp() where id = any($1)", [seenTo]);
    }
    await client.query("commit");
    broken = false;
    await endWaits(pool, engine);
    return seenTo.length;
  } finally {
    client.release(broken);
  }
}

interface WaitRow extends EventRow {
  execution_id: string;
  key: string;
  event: string;
  correlation: string;
}

/**
 * Waits for named events with the first event that fits each: one that came since the execution was recorded, and that has not
 * ended another wait of it. Registering a wait and announcing an event may cross; whoever looks later sees both.
 */
const WAITS = `
select distinct on (w.execution_id, w.key) w.execution_id, w.key, w.event, w.correlation, w.organization_id, e.id, e.name, e.data, e.received_at
from execution_wait w
join execution x on x.id = w.execution_id
cross join lateral (select substr(w.event, 7)::jsonb as terms) t
join named_event e on e.organization_id = w.organization_id and e.name = t.terms ->> 0 and e.received_at >= x.created_at
  and (t.terms ->> 1 = '' or e.data #>> string_to_array(t.terms ->> 1, '.') = t.terms ->> 2)
where w.event like 'named:%'
  and not exists (select 1 from execution_signal s where s.event = w.event and s.correlation = w.correlation)
  and not exists (select 1 from named_event_delivery d where d.event_id = e.id and d.execution_id = w.execution_id)
order by w.execution_id, w.key, e.received_at
limit 200`;

async function endWaits(pool: pg.Pool, engine: ExecutionEngine): Promise<void> {
  const { rows } = await pool.query<WaitRow>({ name: "events-waits", text: WAITS });
  const given = new Set<string>();
  for (const row of rows) {
    // Two steps of one execution that wait for the same: the next event is for the second one.
    const once = `${row.execution_id} ${row.id}`;
    if (given.has(once)) continue;
    given.add(once);
    const { organization_id: organizationId, execution_id: executionId, event, correlation } = row;
    await engine.signal({ organizationId, executionId, event, correlation, payload: itemOf(row) });
    await pool.query({
      name: "events-delivered",
      text: "insert into named_event_delivery (event_id, execution_id, step_key) values ($1, $2, $3) on conflict do nothing",
      values: [row.id, executionId, row.key],
    });
  }
}

// The framework bundles entry points apart: who announces an event and who dispatches it share this.
const holder = globalThis as unknown as { tolstoyEvents?: () => void };

/** An event was recorded: it need not wait for the next look. */
export const kickEvents = (): void => holder.tolstoyEvents?.();

/**
 * Sees to events in this process, beside any others, and to arrivals that came when there was no room for them.
 * @returns stops looking, once what is under way is done
 */
export function startEvents(): () => Promise<void> {
  let stopped = false;
  let wake = () => {};
  let asked = false;
  let pruneAt = Date.now() + PRUNE_EVERY_MS / 60;
  holder.tolstoyEvents = () => {
    asked = true;
    wake();
  };
  const loop = async (): Promise<void> => {
    while (!stopped) {
      asked = false;
      const seen = await look().catch((error: unknown) => {
        logger.error({ err: error }, "events could not be looked at");
        return 0;
      });
      if (Date.now() >= pruneAt) {
        pruneAt = Date.now() + PRUNE_EVERY_MS;
        await pruneArrivals(sql()).catch((error: unknown) => logger.error({ err: error }, "old arrivals could not be deleted"));
      }
      if (seen >= BATCH || asked || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS).unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const look = async () => {
    const engine = await getEngine();
    return (await dispatchEvents(sql(), engine)) + (await startKept(sql(), engine));
  };
  const running = loop();
  return async () => {
    stopped = true;
    delete holder.tolstoyEvents;
    wake();
    await running;
  };
}
