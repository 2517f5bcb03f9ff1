import { createPublicKey, randomBytes } from "node:crypto";
import type { z } from "zod";
import type { Graph, GraphNode } from "@/flow/graph/schema";
import type { GraphIssue } from "@/flow/graph/validate";
import type { TriggerKind } from "@/flow/node/define-node";
import { fieldPath } from "@/flow/node/parameters";
import { nextOfRules } from "@/nodes/schedule-trigger/next-occurrence";
import { needsSecret, webhookTrigger } from "@/nodes/webhook-trigger/definition";
import type { Flow } from "@/prisma/generated/client";
import type { Db } from "../db";
import { registry } from "../services/registry";
import { pollRules } from "./polling/times";
import { NOT_FAILING } from "./schedule-failure";
import { DEFAULT_TIMEZONE, nextSlot } from "./slots";

/** It is in the webhook's URL, and whoever knows that may call it: 128 random bits. */
const newTriggerId = (): string => randomBytes(16).toString("hex");

type TriggerNode = GraphNode & { kind: TriggerKind };

const triggerNodes = (graph: Graph): TriggerNode[] =>
  graph.nodes.flatMap((node) => {
    const kind = registry.definition(node.type)?.trigger;
    return kind ? [{ ...node, kind }] : [];
  });

/** What keeps the triggers of a graph from being registered, beyond what any node's parameters can have wrong. */
export function triggerIssues(graph: Graph): GraphIssue[] {
  return triggerNodes(graph).flatMap((node) => {
    if (node.disabled) return [];
    const problem = triggerProblem(node, graph.settings.timezone);
    return problem ? [{ severity: "error", nodeId: node.id, nodeName: node.name, ...problem }] : [];
  });
}

function triggerProblem(node: TriggerNode, timezone: string | undefined): Pick<GraphIssue, "field" | "message"> | null {
  const parsed = registry.definition(node.type)?.parameters.safeParse(node.parameters);
  // A trigger is registered before there is an item that an expression could read.
  const issue = parsed?.error?.issues[0];
  if (issue) return { field: fieldPath(issue.path), message: `must be a fixed value here: ${issue.message}` };
  if (node.kind === "webhook") return webhookProblem(webhookTrigger.parameters.parse(node.parameters));
  if (node.kind !== "schedule" && node.kind !== "poll") return null;
  const now = new Date();
  try {
    const next =
      node.kind === "poll"
        ? nextOfRules(pollRules(parsed?.data ?? {}), now, timezone ?? DEFAULT_TIMEZONE)
        : nextSlot(node.parameters, now, timezone);
    if (next) return null;
    return { field: "rules", message: "never comes due" };
  } catch (error) {
    return { field: "rules", message: error instanceof Error ? error.message : "is no schedule" };
  }
}

/** What its settings cannot say by their shape: the check must be one that a call can pass, and no one else. */
function webhookProblem(settings: z.infer<typeof webhookTrigger.parameters>): Pick<GraphIssue, "field" | "message"> | null {
  const { authentication, headerName, signatureHeader } = settings;
  if (authentication === "header" && headerName === "") return { field: "headerName", message: "is missing" };
  if (authentication === "hmac" && signatureHeader === "") return { field: "signatureHeader", message: "is missing" };
  if (authentication !== "jwt" || needsSecret(settings)) return null;
  if (/PRIVATE KEY/.test(settings.jwtPublicKey)) {
    return { field: "jwtPublicKey", message: "is a private key: put the public one here, and keep this one to its owner" };
  }
  try {
    createPublicKey(settings.jwtPublicKey);
    return null;
  } catch {
    return { field: "jwtPublicKey", message: "is not a public key in PEM form" };
  }
}

/** Webhooks of a graph that refuse every call until their secret is set. */
export async function missingSecrets(tx: Db, flowId: string, graph: Graph): Promise<GraphIssue[]> {
  const checked = triggerNodes(graph).filter(
    ({ kind, disabled, parameters }) =>
      !disabled &&
      (kind === "webhook"
        ? needsSecret(webhookTrigger.parameters.parse(parameters))
        : (kind === "form" || kind === "chat") && parameters.authentication === "basic"),
  );
  if (checked.length === 0) return [];
  const rows = await tx.trigger.findMany({ where: { flowId, secret: { not: null } }, select: { nodeId: true } });
  const known = new Set(rows.map(({ nodeId }) => nodeId));
  return checked
    .filter(({ id }) => !known.has(id))
    .map(({ id, name }) => ({
      severity: "warning",
      nodeId: id,
      nodeName: name,
      field: "authentication",
      message: "has no secret yet: every call is refused until one is set",
    }));
}

/**
 * Gives every trigger node of a draft its registration, still inactive: its URL can be shown and handed out before the flow
 * is published, and stays the same for the life of the node.
 */
export async function registerDraftTriggers(tx: Db, flow: Pick<Flow, "id" | "organizationId">, graph: Graph): Promise<void> {
  const nodes = triggerNodes(graph);
  if (nodes.length === 0) return;
  await tx.trigger.createMany({
    data: nodes.map((node) => ({
      id: newTriggerId(),
      organizationId: flow.organizationId,
      flowId: flow.id,
      nodeId: node.id,
      type: node.kind,
      config: node.parameters,
      active: false,
    })),
    skipDuplicates: true,
  });
}

/** Makes the registrations those of the version that has just been published: what it does not have, no longer fires. */
export async function registerPublishedTriggers(tx: Db, flow: Pick<Flow, "id" | "organizationId">, graph: Graph): Promise<void> {
  await registerDraftTriggers(tx, flow, graph);
  const enabled = triggerNodes(graph).filter((node) => !node.disabled);
  await tx.trigger.updateMany({
    where: { flowId: flow.id, nodeId: { notIn: enabled.map((node) => node.id) } },
    data: { active: false, nextAt: null },
  });
  const now = new Date();
  for (const node of enabled) {
    const { id } = await tx.trigger.update({
      where: { flowId_nodeId: { flowId: flow.id, nodeId: node.id } },
      data: {
        type: node.kind,
        config: node.parameters,
        active: true,
        nextAt: node.kind === "schedule" ? nextSlot(node.parameters, now, graph.settings.timezone) : null,
        ...NOT_FAILING,
      },
    });
    if (node.kind === "poll") await pollAtOnce(tx, flow.organizationId, id, now);
  }
}

/**
 * Has a polling trigger look now: what is there when it first looks is what counts as seen. A poll that is under way is of
 * the version before, and what it finds is not recorded.
 */
async function pollAtOnce(tx: Db, organizationId: string, triggerId: string, now: Date): Promise<void> {
  const due = { nextAt: now, leaseId: null, leaseUntil: null, failures: 0 };
  await tx.pollState.upsert({ where: { triggerId }, create: { triggerId, organizationId, ...due }, update: due });
}

/** Lets schedules go on from now, and polling triggers look now: what passed while the flow was off or deleted is not made up for. */
export async function rescheduleTriggers(tx: Db, flow: Pick<Flow, "id" | "publishedVersion">): Promise<void> {
  if (flow.publishedVersion === null) return;
  await tx.pollState.updateMany({ where: { trigger: { flowId: flow.id, active: true } }, data: { nextAt: new Date(), failures: 0 } });
  const schedules = await tx.trigger.findMany({ where: { flowId: flow.id, type: "schedule", active: true } });
  if (schedules.length === 0) return;
  const version = await tx.flowVersion.findUniqueOrThrow({
    where: { flowId_version: { flowId: flow.id, version: flow.publishedVersion } },
    select: { graph: true },
  });
  const { settings } = version.graph as unknown as Graph;
  const now = new Date();
  for (const { id, config } of schedules) {
    const nextAt = nextSlot(config as GraphNode["parameters"], now, settings.timezone);
    await tx.trigger.update({ where: { id }, data: { nextAt, ...NOT_FAILING } });
  }
}
