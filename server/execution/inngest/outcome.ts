import { isTerminal } from "@/flow/execution/status";
import type { StepOutput } from "@/flow/interpreter/host";
import { outputsAfterWait } from "@/flow/interpreter/suspension";
import type { Item, Json } from "@/flow/item";
import type { WebhookResponse } from "@/flow/node/context";
import type { ExecutionOutcome } from "../engine";
import { readText } from "./payloads";
import { executionErrorOf, HEAD_COLUMNS, type HeadRow } from "./rows";
import type { InngestRuntime } from "./runtime";
import { readStepOutput } from "./visit";

/** How often the database is asked when nothing is heard: another process may run the steps. */
const POLL_MS = 500;

/** See `ExecutionEngine.outcome`. */
export async function awaitOutcome(
  runtime: InngestRuntime,
  id: string,
  until: "answer" | "end",
  signal: AbortSignal,
): Promise<ExecutionOutcome> {
  let wake: () => void = () => {};
  // Listening begins before the first look, so that nothing falls between them.
  const unsubscribe = runtime.bus.subscribe(id, (events) => {
    const matters = events.some((event) =>
      event.type === "execution" ? isTerminal(event.execution.status) : event.type === "step" && until === "answer",
    );
    if (matters) wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (let seen = -1; ; ) {
      signal.throwIfAborted();
      const heard = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const head = await readHead(runtime, id);
      if (isTerminal(head.status)) return await readOutcome(runtime, head);
      if (until === "answer" && head.seq !== seen) {
        seen = head.seq;
        const response = await readResponse(runtime, id);
        if (response) return { status: head.status, error: null, response, lastItems: null };
      }
      const timer = setTimeout(() => wake(), POLL_MS);
      await heard;
      clearTimeout(timer);
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", onAbort);
  }
}

async function readHead(runtime: InngestRuntime, id: string): Promise<HeadRow> {
  const { rows } = await runtime.pool.query<HeadRow>({
    name: "inngest_head",
    text: `select ${HEAD_COLUMNS} from execution where id = $1`,
    values: [id],
  });
  if (!rows[0]) throw new Error(`There is no execution ${id}`);
  return rows[0];
}

async function readOutcome(runtime: InngestRuntime, head: HeadRow): Promise<ExecutionOutcome> {
  const response = await readResponse(runtime, head.id);
  const lastItems = head.status === "succeeded" ? await readLastItems(runtime, head.id) : null;
  return { status: head.status, error: executionErrorOf(head.error), response, lastItems };
}

interface OutputRow {
  output: string | null;
  payload_id: string | null;
}

/** What a node answered the caller with: the first answer counts. */
async function readResponse(runtime: InngestRuntime, id: string): Promise<WebhookResponse | null> {
  const { rows } = await runtime.pool.query<OutputRow>({
    name: "inngest_responses",
    text: `select output, payload_id from execution_step where execution_id = $1 and status in ('succeeded', 'waiting')
      and (payload_id is not null or position('"response":' in output) > 0) order by seq`,
    values: [id],
  });
  for (const row of rows) {
    const text = await readText(runtime.pool, row.output, row.payload_id);
    const response = text === null ? undefined : (JSON.parse(text) as Partial<StepOutput>).response;
    if (response) return response;
  }
  return null;
}

/** First output of the last node, after its wait if it had one. */
async function readLastItems(runtime: InngestRuntime, id: string): Promise<Item[]> {
  const { rows: heads } = await runtime.pool.query<{ last_key: string | null }>({
    name: "inngest_last_key",
    text: "select last_key from execution where id = $1",
    values: [id],
  });
  const key = heads[0]?.last_key ?? null;
  if (key === null) return [];
  const { outputs, suspend } = await readStepOutput(runtime.pool, id, key);
  if (!suspend) return outputs[0] ?? [];
  const { rows } = await runtime.pool.query<OutputRow>({
    name: "inngest_wait_end",
    text: "select output, payload_id from execution_step where execution_id = $1 and key = $2 and status = 'succeeded' limit 1",
    values: [id, key],
  });
  const text = rows[0] ? await readText(runtime.pool, rows[0].output, rows[0].payload_id) : null;
  const payload = text === null ? null : (JSON.parse(text) as { payload: Json | null }).payload;
  return outputsAfterWait(outputs, suspend, payload)[0] ?? [];
}
