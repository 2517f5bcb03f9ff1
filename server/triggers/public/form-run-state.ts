import { z } from "zod";
import { executionStatusSchema, isTerminal } from "@/flow/execution/status";
import type { FormEnding, FormPage } from "@/flow/forms/form-page";
import type { GraphNode } from "@/flow/graph/schema";
import { type GraphIndex, indexGraph } from "@/flow/graph/traverse";
import type { StepOutput } from "@/flow/interpreter/host";
import type { Json } from "@/flow/item";
import { formTrigger } from "@/nodes/form-trigger/definition";
import { db } from "../../db";
import { getEngine } from "../../execution/get-engine";
import { frozenGraph } from "../../services/executions/graph";
import { readPayloadText } from "../../services/executions/payloads";
import { jsonColumn } from "../../services/executions/read";
import { resumeCorrelation } from "../../services/executions/waiting";
import { saidBy } from "./answer-public";
import { endingOfTrigger, THANKS } from "./form-ending";

/** What somebody who fills in the form of an execution finds there. */
export type FormRunState =
  /** A page to fill in, and the step that waits for it. */
  | { kind: "page"; key: string; page: FormPage }
  | { kind: "working" }
  | { kind: "paused" }
  | { kind: "ended"; ending: FormEnding }
  | { kind: "failed" | "cancelled" | "timed_out" };

export interface FormRun {
  organizationId: string;
  executionId: string;
  isTest: boolean;
  /** Of the form that began it. */
  title: string;
  state: FormRunState;
}

const waitEndSchema = z.custom<{ payload?: Json }>((value) => typeof value === "object" && value !== null);
const storedOutputSchema = z.custom<StepOutput>((value) => typeof value === "object" && value !== null);

/** Whether a node asks somebody to fill in a page, which the flow waits for. */
const asksForPage = ({ type, parameters, disabled }: GraphNode): boolean =>
  !disabled && ((type === "form" && parameters.operation !== "ending") || (type === "wait" && parameters.resume === "form"));

const endsForm = ({ type, parameters, disabled }: GraphNode): boolean => !disabled && type === "form" && parameters.operation === "ending";

/** Whether a further page of the form, or its end, follows after a node. */
export const leadsToPage = (index: GraphIndex, nodeId: string): boolean =>
  index.graph.nodes.some((node) => (asksForPage(node) || endsForm(node)) && index.reaches(nodeId, node.id));

interface StepRow {
  key: string;
  nodeId: string;
  status: string;
  seq: number;
}

/** How the form of an execution stands; null for one that does not exist. */
export async function readFormRun(executionId: string): Promise<FormRun | null> {
  const execution = await db().execution.findUnique({ where: { id: executionId } });
  if (!execution) return null;
  const index = indexGraph(await frozenGraph(execution));
  const trigger = index.byId.get(execution.triggerNodeId);
  const settings = trigger?.type === formTrigger.type ? formTrigger.parameters.safeParse(trigger.parameters).data : undefined;
  const { organizationId, mode } = execution;
  const run = { organizationId, executionId, isTest: mode === "manual", title: settings?.title || "Form" };
  const status = executionStatusSchema.parse(execution.status);

  const steps = await stepsOf(
    executionId,
    index.graph.nodes.filter((node) => asksForPage(node) || endsForm(node)),
  );
  const asked = steps.filter(({ nodeId }) => asksForPage(index.byId.get(nodeId)!));
  const signals = await signalsOf(executionId, asked);
  if (!isTerminal(status)) {
    const open = asked.find((step) => step.status === "waiting" && !signals.has(step.key));
    const suspend = open && (await outputOf(executionId, open.seq))?.suspend;
    if (open && suspend?.kind === "event" && suspend.form === "form" && suspend.page) {
      const page = { ...suspend.page, title: suspend.page.title || run.title };
      return { ...run, state: { kind: "page", key: open.key, page } };
    }
  }
  const end = steps.findLast((step) => step.status === "succeeded" && endsForm(index.byId.get(step.nodeId)!));
  const ending = end && (await outputOf(executionId, end.seq))?.ending;
  if (ending) return { ...run, state: { kind: "ended", ending } };

  const last = await lastSent(executionId, asked, signals);
  const lastNodeId = last?.nodeId ?? (settings && execution.triggerNodeId);
  // What was promised when the last page was sent; null where the end of the flow decides.
  const promised = last ? await endingOfPage(executionId, last.key) : settings ? endingOfSettings(settings) : null;
  if (promised && lastNodeId !== undefined && !leadsToPage(index, lastNodeId))
    return { ...run, state: { kind: "ended", ending: promised } };
  if (status === "failed" || status === "cancelled" || status === "timed_out") return { ...run, state: { kind: status } };
  if (status !== "succeeded") return { ...run, state: { kind: status === "paused" ? "paused" : "working" } };
  const said = promised ? null : saidBy((await (await getEngine()).outcome(executionId, "end", AbortSignal.timeout(10_000))).lastItems);
  const words: FormEnding = settings ? endingOfTrigger(settings, said) : said === null ? THANKS : { ...THANKS, text: said };
  return { ...run, state: { kind: "ended", ending: last && promised ? promised : words } };
}

const endingOfSettings = (settings: z.output<typeof formTrigger.parameters>): FormEnding | null =>
  settings.responseMode === "submitted" ? endingOfTrigger(settings, null) : null;

/** The latest row of each visit of the nodes, in the order in which those were written. */
async function stepsOf(executionId: string, nodes: readonly GraphNode[]): Promise<StepRow[]> {
  const rows = await db().executionStep.findMany({
    where: { executionId, nodeId: { in: nodes.map(({ id }) => id) } },
    select: { key: true, nodeId: true, status: true, seq: true },
    orderBy: { seq: "asc" },
  });
  const latest = new Map<string, StepRow>();
  for (const row of rows) {
    latest.delete(row.key);
    latest.set(row.key, row);
  }
  return [...latest.values()];
}

/** Steps that an event has reached of which the execution may not have taken notice yet, and what it brought (JSON text). */
async function signalsOf(executionId: string, steps: readonly StepRow[]): Promise<Map<string, string>> {
  const waiting = steps.filter(({ status }) => status === "waiting");
  if (waiting.length === 0) return new Map();
  const signals = await db().executionSignal.findMany({
    where: { event: "resume", correlation: { in: waiting.map(({ key }) => resumeCorrelation(executionId, key)) } },
    select: { correlation: true, payload: true },
  });
  const byCorrelation = new Map(signals.map(({ correlation, payload }) => [correlation, payload]));
  return new Map(
    waiting.flatMap(({ key }) => {
      const payload = byCorrelation.get(resumeCorrelation(executionId, key));
      return payload === undefined ? [] : [[key, payload] as const];
    }),
  );
}

/** The step whose page was sent last; pages whose time ran out were not. */
async function lastSent(
  executionId: string,
  asked: readonly StepRow[],
  signals: ReadonlyMap<string, string>,
): Promise<StepRow | undefined> {
  for (const step of asked.toReversed()) {
    const signal = signals.get(step.key);
    if (signal !== undefined && signal !== "null") return step;
    if (step.status !== "succeeded") continue;
    const end = jsonColumn(waitEndSchema, await textOf(executionId, step.seq));
    if (end?.payload !== undefined && end.payload !== null) return step;
  }
  return undefined;
}

async function textOf(executionId: string, seq: number): Promise<string | null> {
  const row = await db().executionStep.findUnique({
    where: { executionId_seq: { executionId, seq } },
    select: { output: true, payloadId: true },
  });
  return row && readPayloadText(row.output, row.payloadId);
}

const outputOf = async (executionId: string, seq: number): Promise<StepOutput | null> =>
  jsonColumn(storedOutputSchema, await textOf(executionId, seq));

async function endingOfPage(executionId: string, key: string): Promise<FormEnding | null> {
  const row = await db().executionStep.findFirst({ where: { executionId, key, status: "waiting" }, select: { seq: true } });
  const suspend = row && (await outputOf(executionId, row.seq))?.suspend;
  if (suspend?.kind !== "event" || suspend.form !== "form") return THANKS;
  return suspend.page?.ending === undefined ? THANKS : suspend.page.ending;
}
