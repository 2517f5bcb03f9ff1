import { z } from "zod";
import type { StepKey, StepOutput, StepSource, StepSummary } from "@/flow/interpreter/host";
import { outputsAfterWait } from "@/flow/interpreter/suspension";
import type { Json, Outputs } from "@/flow/item";
import type { ExecutionStep } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { readPayloadText } from "./payloads";
import { jsonColumn } from "./read";

/** Journal rows as they are listed: without what may be large. */
export type JournalRow = Omit<ExecutionStep, "output" | "organizationId" | "executionId">;

/** What we wrote ourselves; its parts were checked then. */
const stepOutputSchema = z.custom<StepOutput>((value) => typeof value === "object" && value !== null && "outputs" in value);
const waitEndSchema = z.custom<{ payload: Json }>((value) => typeof value === "object" && value !== null && "payload" in value);
const sourcesSchema = z.array(z.object({ key: z.string(), output: z.number().int() }).nullable());

/** Where a row's input handles got their items from. */
export const sourcesOf = (row: JournalRow): (StepSource | null)[] => jsonColumn(sourcesSchema, row.sources) ?? [];

/** The journal of one execution, read once; payloads are fetched when they are asked for. */
export class Journal {
  private readonly byKey = new Map<StepKey, JournalRow[]>();
  private readonly texts = new Map<number, Promise<string | null>>();

  private constructor(
    private readonly executionId: string,
    rows: JournalRow[],
  ) {
    for (const row of rows) {
      const known = this.byKey.get(row.key);
      if (known) known.push(row);
      else this.byKey.set(row.key, [row]);
    }
  }

  static async read(executionId: string): Promise<Journal> {
    const rows = await db().executionStep.findMany({
      where: { executionId },
      omit: { output: true, organizationId: true, executionId: true },
      orderBy: { seq: "asc" },
    });
    return new Journal(executionId, rows);
  }

  /** Rows of a visit, oldest first. */
  rows(key: StepKey): readonly JournalRow[] {
    return this.byKey.get(key) ?? [];
  }

  /** What the step's function gave, and what came at the end of a wait; null until it has succeeded once or waits. */
  async given(key: StepKey): Promise<{ output: StepOutput; waitEnd: { payload: Json } | null } | null> {
    const rows = this.rows(key);
    const waiting = rows.find((row) => row.status === "waiting");
    const succeeded = rows.findLast((row) => row.status === "succeeded");
    const made = waiting ?? succeeded;
    if (!made) return null;
    const output = jsonColumn(stepOutputSchema, await this.text(made));
    if (!output) return null;
    const ended = waiting && succeeded ? jsonColumn(waitEndSchema, await this.text(succeeded)) : null;
    return { output, waitEnd: ended };
  }

  /** Outputs as the nodes after the visit see them; null as long as there are none. */
  async outputs(key: StepKey): Promise<Outputs | null> {
    const given = await this.given(key);
    if (!given) return null;
    const { output, waitEnd } = given;
    if (!output.suspend) return output.outputs;
    return waitEnd ? outputsAfterWait(output.outputs, output.suspend, waitEnd.payload) : null;
  }

  /** What the interpreter was told of a step; null while it has not been told yet. */
  async summary(key: StepKey): Promise<StepSummary | null> {
    const rows = this.rows(key);
    const waiting = rows.find((row) => row.status === "waiting");
    if (!waiting) {
      const succeeded = rows.findLast((row) => row.status === "succeeded");
      return succeeded ? { counts: succeeded.counts } : null;
    }
    const suspend = (await this.given(key))?.output.suspend;
    return suspend ? { counts: waiting.counts, suspend } : null;
  }

  private text(row: JournalRow): Promise<string | null> {
    const known = this.texts.get(row.seq);
    if (known) return known;
    const loading = db()
      .executionStep.findUnique({
        where: { executionId_seq: { executionId: this.executionId, seq: row.seq } },
        select: { output: true, payloadId: true },
      })
      .then((found) => (found ? readPayloadText(found.output, found.payloadId) : null));
    this.texts.set(row.seq, loading);
    return loading;
  }
}
