import { createHash, timingSafeEqual } from "node:crypto";
import { bearerToken } from "../auth/api-key";
import { env } from "../env";
import { heading, sample } from "../metrics/instruments";
import { counted, metrics } from "../metrics/metrics";
import { sql } from "../sql";

export { counted };

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * For Prometheus: counts of this process, and the queue as the database has it. Only with METRICS_TOKEN set, and only for whoever
 * sends it as a bearer token; anyone else is told that there is nothing here.
 */
export async function handleMetrics(request: Request): Promise<Response> {
  const expected = env().METRICS_TOKEN;
  const given = bearerToken(request.headers);
  if (expected === undefined || given === null || !timingSafeEqual(digest(given), digest(expected))) {
    return new Response(null, { status: 404, headers: { "cache-control": "no-store" } });
  }
  const lines = Object.values(metrics).flatMap((instrument) => instrument.lines());
  const body = `${[...(await queueLines()), ...lines].join("\n")}\n`;
  return new Response(body, { headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" } });
}

/** Read by the engines' own partial indexes, which hold nothing but what is under way. Without a database the rest is still told. */
async function queueLines(): Promise<string[]> {
  try {
    const { rows } = await sql().query<{ status: string; count: number }>({
      name: "metrics-queue",
      text: `select 'queued' as status, (select count(*) from execution where status = 'queued' and engine = 'embedded')::int
               + (select count(*) from execution where status = 'queued' and engine = 'inngest')::int as count
             union all
             select 'running', (select count(*) from execution where status = 'running' and engine = 'embedded')::int`,
    });
    const depth = "tolstoy_queue_depth";
    return [
      heading("tolstoy_up", "gauge", "Whether the database answers."),
      sample("tolstoy_up", {}, 1),
      heading(depth, "gauge", "Executions of all processes that wait for a worker, and that workers of the embedded engine are at."),
      ...rows.map(({ status, count }) => sample(depth, { status }, count)),
    ];
  } catch {
    return [heading("tolstoy_up", "gauge", "Whether the database answers."), sample("tolstoy_up", {}, 0)];
  }
}
