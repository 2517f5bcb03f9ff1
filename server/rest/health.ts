import { getEngine } from "../execution/get-engine";
import { logger } from "../logger";
import { sql } from "../sql";
import { isStopping } from "../stopping";

const PATIENCE_MS = 3_000;

const within = <T>(work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/**
 * For load balancers and people: 200 when executions can be taken and run, 503 when not, or not for long: the process stops. Says no more
 * than which part is at fault.
 */
export async function handleHealth(): Promise<Response> {
  const [database, engine] = await Promise.allSettled([within(sql().query("select 1")), within(getEngine())]);
  for (const part of [database, engine]) if (part.status === "rejected") logger.warn({ err: part.reason }, "the health check failed");
  const isReady = database.status === "fulfilled" && engine.status === "fulfilled";
  return Response.json(
    {
      status: !isReady ? "unavailable" : isStopping() ? "stopping" : "ok",
      database: database.status === "fulfilled" ? "ok" : "unreachable",
      engine: engine.status === "fulfilled" ? engine.value.name : "unavailable",
    },
    { status: isReady && !isStopping() ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
