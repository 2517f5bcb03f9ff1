import type pg from "pg";
import type { PartialRun } from "@/flow/graph/schema";
import type { StepOutput } from "@/flow/interpreter/host";
import { outputsAfterWait } from "@/flow/interpreter/suspension";
import type { Json, Outputs } from "@/flow/item";
import { patiently } from "./patience";

interface Row {
  status: string;
  output: string | null;
  bytes: Buffer | null;
}

const parse = <T>({ output, bytes }: Row): T | null => {
  const text = output ?? bytes?.toString("utf8");
  return text === undefined ? null : (JSON.parse(text) as T);
};

/** Looks up what nodes gave in an earlier execution of the organization; null for nodes that are to run, and for what is gone. */
export function earlierOutputs(
  pool: pg.Pool,
  organizationId: string,
  { executionId, nodeIds }: NonNullable<PartialRun["reuse"]>,
): (visit: { key: string; nodeId: string }) => Promise<Outputs | null> | null {
  const known = new Set(nodeIds);
  return ({ key, nodeId }) => (known.has(nodeId) ? stepOutputs(pool, organizationId, executionId, key) : null);
}

/** What a visit gave, by the journal; null when it did not come to an end, or is not kept any more. */
export async function stepOutputs(pool: pg.Pool, organizationId: string, executionId: string, key: string): Promise<Outputs | null> {
  const asked: pg.QueryConfig = {
    name: "earlier_outputs",
    text: `select s.status, s.output, p.bytes from execution_step s left join payload p on p.id = s.payload_id
      where s.execution_id = $1 and s.organization_id = $2 and s.key = $3 and s.status in ('waiting', 'succeeded') order by s.seq`,
    values: [executionId, organizationId, key],
  };
  const { rows } = await patiently(() => pool.query<Row>(asked));
  const waiting = rows.find(({ status }) => status === "waiting");
  const succeeded = rows.findLast(({ status }) => status === "succeeded");
  if (!succeeded) return null;
  const given = parse<StepOutput>(waiting ?? succeeded);
  if (!given?.suspend) return given?.outputs ?? null;
  return outputsAfterWait(given.outputs, given.suspend, parse<{ payload: Json }>(succeeded)?.payload ?? null);
}
