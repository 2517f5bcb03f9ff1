import { type Graph, graphSchema } from "@/flow/graph/schema";
import { chatTrigger } from "@/nodes/chat-trigger/definition";
import { formTrigger } from "@/nodes/form-trigger/definition";
import { db } from "../../db";
import { ServiceError } from "../../services/errors";
import { publishedGraph } from "../webhook-registry";

const DEFINITIONS = { form: formTrigger, chat: chatTrigger } as const;

export type PublicKind = keyof typeof DEFINITIONS;
export type FormSettings = ReturnType<typeof formTrigger.parameters.parse>;
export type ChatSettings = ReturnType<typeof chatTrigger.parameters.parse>;
type SettingsOf<K extends PublicKind> = K extends "form" ? FormSettings : ChatSettings;

/** A page that anybody may open who knows its address. */
export interface PublicTrigger<S> {
  triggerId: string;
  organizationId: string;
  flowId: string;
  nodeId: string;
  settings: S;
  /** The password that it asks for, sealed; null while none is set. */
  secret: string | null;
  /** What it starts; null for the address for tests, which starts nothing. */
  live: { flowName: string; flowVersion: number; graph: Graph } | null;
}

/** The page as the published version has it, while its flow is active. Null for one that is not there, or off. */
export async function findPublished<K extends PublicKind>(kind: K, triggerId: string): Promise<PublicTrigger<SettingsOf<K>> | null> {
  const trigger = await find(kind, triggerId, { active: true, flow: { deletedAt: null, active: true, publishedVersion: { not: null } } });
  if (!trigger) return null;
  const { name: flowName, publishedVersion } = trigger.flow;
  const flowVersion = publishedVersion ?? 0;
  const graph = await publishedGraph(trigger.flowId, flowVersion);
  return made(kind, trigger, graph, { flowName, flowVersion, graph });
}

/** The page as the draft has it now, published or not. */
export async function findDraft<K extends PublicKind>(kind: K, triggerId: string): Promise<PublicTrigger<SettingsOf<K>> | null> {
  const trigger = await find(kind, triggerId, { flow: { deletedAt: null } });
  return trigger && made(kind, trigger, graphSchema.parse(trigger.flow.draft), null);
}

type Where = { active?: boolean; flow: { deletedAt: null; active?: boolean; publishedVersion?: { not: null } } };

async function find(kind: PublicKind, triggerId: string, where: Where) {
  if (!/^[\w-]{1,100}$/.test(triggerId)) return null;
  return db().trigger.findFirst({
    where: { id: triggerId, type: kind, ...where },
    include: { flow: { select: { name: true, publishedVersion: true, draft: true } } },
  });
}

function made<K extends PublicKind>(
  kind: K,
  trigger: NonNullable<Awaited<ReturnType<typeof find>>>,
  graph: Graph,
  live: PublicTrigger<unknown>["live"],
): PublicTrigger<SettingsOf<K>> | null {
  const { id: triggerId, organizationId, flowId, nodeId, secret } = trigger;
  const node = graph.nodes.find((each) => each.id === nodeId && each.type === DEFINITIONS[kind].type && !each.disabled);
  if (!node) return null;
  const settings = DEFINITIONS[kind].parameters.safeParse(node.parameters);
  if (!settings.success) throw new ServiceError("conflict", "The settings of this page are unfinished: see its node in the editor.");
  return { triggerId, organizationId, flowId, nodeId, secret, live, settings: settings.data as SettingsOf<K> };
}
