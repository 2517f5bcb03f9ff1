import { z } from "zod";
import { type StepError, toStepError } from "@/flow/execution/errors";
import { stepErrorSchema } from "@/flow/execution/events";
import { executionModeSchema, stepStatusSchema } from "@/flow/execution/status";
import { type PreparedGraph, prepareGraph } from "@/flow/interpreter/prepare";
import type { Item } from "@/flow/item";
import { jsonObjectSchema } from "@/flow/json-schema";
import type { LogLevel, Suspension } from "@/flow/node/context";
import { inputHandles } from "@/flow/node/define-node";
import type { Execution } from "@/prisma/generated/client";
import { appUrl } from "@/server/auth/settings";
import { db } from "@/server/db";
import { env } from "@/server/env";
import { expressionEnvironment } from "@/server/execution/expression-environment";
import { formUrl } from "@/server/triggers/resume-links";
import { authorize, hasRole } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import { registry } from "../registry";
import { frozenGraph } from "./graph";
import { Journal, type JournalRow, sourcesOf } from "./journal";
import { parseLogData } from "./logs";
import { readPayloadText, storedItemsSchema } from "./payloads";
import { jsonColumn } from "./read";
import { resolvedParameters } from "./resolved-parameters";
import type { ItemPage, StepDetail, StepInput } from "./types";

export const stepDetailSchema = z.object({
  /** The execution. */
  id: idSchema,
  /** `nodeId#runIndex`. */
  key: idSchema,
  /** The last one without it. */
  attempt: z.number().int().positive().optional(),
  /** Page of each list of items. */
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});

type Page = { offset: number; limit: number };
const pageOf = (items: readonly Item[], { offset, limit }: Page): ItemPage => ({
  total: items.length,
  offset,
  items: items.slice(offset, offset + limit),
});

/** Everything about one visit of a node: what came in, what it was told to do, what came out. */
export async function stepDetail({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof stepDetailSchema> }): Promise<StepDetail> {
  const caller = authorize(ctx, "viewer");
  const { id, key, attempt: wanted, ...page } = parse(stepDetailSchema, input);
  const execution = await db().execution.findFirst({ where: { id, organizationId: caller.organizationId } });
  if (!execution) throw notFound("Execution");
  const journal = await Journal.read(id);
  const rows = journal.rows(key);
  const row = rows.findLast((each) => wanted === undefined || each.attempt === wanted);
  if (!row) throw notFound("Step");

  const graph = prepareGraph(await frozenGraph(execution), registry);
  const { node, definition, outputs: outputNames } = graph.prepared(row.nodeId);
  const isLatest = row.attempt === rows.at(-1)?.attempt;
  const given = isLatest ? await journal.given(key) : null;
  const outputs = isLatest ? ((await journal.outputs(key)) ?? given?.output.outputs ?? []) : [];
  const [inputs, resolved, logs] = await Promise.all([
    stepInputs(graph, journal, row, page),
    resolvedOf(execution, graph, journal, row),
    stepLogs(id, key),
  ]);
  return {
    key,
    nodeId: row.nodeId,
    nodeName: node.name,
    nodeType: node.type,
    runIndex: row.runIndex,
    attempt: row.attempt,
    attempts: attemptsOf(rows),
    status: stepStatusSchema.parse(row.status),
    inputs,
    parameters: node.parameters,
    resolved: definition ? resolved : null,
    outputs: outputs.map((items, index) => ({ handle: outputNames[index] ?? `output ${index + 1}`, ...pageOf(items, page) })),
    error: errorOf(row) ?? given?.output.error ?? null,
    given: given?.output.given ?? null,
    suspend: given?.output.suspend ?? null,
    formUrl: waitsForPage(given?.output.suspend) && row.status === "waiting" && hasRole(caller.role, "editor") ? formUrl(id) : null,
    resumedWith: given?.waitEnd?.payload ?? null,
    logs,
    startedAt: rows.find((each) => each.attempt === row.attempt)?.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    wakeAt: row.wakeAt?.toISOString() ?? null,
    durationMs: row.startedAt && row.finishedAt ? row.finishedAt.getTime() - row.startedAt.getTime() : null,
  };
}

const waitsForPage = (suspend: Suspension | undefined): boolean => suspend?.kind === "event" && suspend.form === "form";

const errorOf = (row: JournalRow): StepError | null => jsonColumn(stepErrorSchema, row.error);

/** One entry an attempt, as it stands after its last row. */
function attemptsOf(rows: readonly JournalRow[]): StepDetail["attempts"] {
  const latest = new Map(rows.map((row) => [row.attempt, row]));
  return [...latest.values()].map((row) => ({
    attempt: row.attempt,
    status: stepStatusSchema.parse(row.status),
    error: errorOf(row),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }));
}

async function stepInputs(graph: PreparedGraph, journal: Journal, row: JournalRow, page: Page): Promise<StepInput[]> {
  const { node, definition } = graph.prepared(row.nodeId);
  const names = definition ? inputHandles(definition, node.parameters).map((handle) => handle.name) : [];
  return Promise.all(
    sourcesOf(row).map(async (source, index) => {
      const items = source ? ((await journal.outputs(source.key))?.[source.output] ?? []) : [];
      const from = source && journal.rows(source.key)[0];
      return {
        handle: names[index] ?? "main",
        sources: from
          ? [{ nodeId: from.nodeId, nodeName: graph.prepared(from.nodeId).node.name, key: from.key, output: source.output }]
          : [],
        ...pageOf(node.settings?.executeOnce ? items.slice(0, 1) : items, page),
      };
    }),
  );
}

/** A step is shown even when its parameters cannot be worked out any more: their error then takes their place. */
async function resolvedOf(execution: Execution, graph: PreparedGraph, journal: Journal, row: JournalRow): Promise<StepDetail["resolved"]> {
  const { settings, variables } = graph.index.graph;
  const mode = executionModeSchema.parse(execution.mode);
  const flow = await db().flow.findUnique({ where: { id: execution.flowId }, select: { name: true } });
  const items = jsonColumn(storedItemsSchema, await readPayloadText(execution.input, execution.inputPayloadId)) ?? [];
  try {
    return await resolvedParameters({
      graph,
      registry,
      journal,
      key: row.key,
      at: row.startedAt ?? execution.createdAt,
      info: {
        id: execution.id,
        mode,
        flowId: execution.flowId,
        flowName: flow?.name ?? "",
        organizationId: execution.organizationId,
        // Whoever holds the real link may decide; looking at a step must not hand it out.
        resumeUrl: `${appUrl().origin}/api/resume/${execution.id}/…`,
        formUrl: `${appUrl().origin}/form/run/${execution.id}/…`,
      },
      trigger: { nodeId: execution.triggerNodeId, items },
      variables: { ...variables, ...jsonColumn(jsonObjectSchema, execution.variables) },
      timezone: settings.timezone ?? "UTC",
      env: expressionEnvironment(env()),
    });
  } catch (error) {
    return { values: {}, errors: [{ field: "", message: toStepError(error).message }] };
  }
}

const MOST_LOGS = 500;

async function stepLogs(executionId: string, stepKey: string): Promise<StepDetail["logs"]> {
  const rows = await db().executionLog.findMany({ where: { executionId, stepKey }, orderBy: { id: "asc" }, take: MOST_LOGS });
  return rows.map((line) => ({
    id: String(line.id),
    level: line.level as LogLevel,
    message: line.message,
    data: line.data === null ? null : parseLogData(line.data),
    at: line.at.toISOString(),
  }));
}
