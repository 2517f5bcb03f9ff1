import { z } from "zod";
import { actionEffect, isRepeatableAction } from "@/flow/tools/schema";
import { catalogEntries, catalogTool } from "@/server/catalog";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import { storedAuth, toActionDefinition, toToolDefinition } from "../tools/types";

export const searchActionsSchema = z.object({
  /** Words that are in the names of tool or action, the path, group or description. */
  search: z.string().max(200).default(""),
  /** Key of the one tool to look in. */
  tool: idSchema.optional(),
  /** Only those that do this. */
  effect: z.enum(["read", "write"]).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** An action as it is offered for placing on the canvas. */
export interface FoundAction {
  tool: string;
  toolName: string;
  /** Of the tool: the name of a lucide icon, or the address of an image. */
  icon: string | null;
  action: string;
  name: string;
  description: string | null;
  method: string;
  endpoint: string;
  group: string | null;
  effect: "read" | "write";
  /** A call may be made again when nobody saw how it ended. */
  repeatable: boolean;
  /** How the tool has callers prove who they are. */
  auth: string;
}

const MAX_DESCRIPTION = 200;
const first = (text: string | null | undefined): string | null => (text ? text.slice(0, MAX_DESCRIPTION) : null);

/** Actions of the organization's tools and of the catalog's, for a few words; the organization's first. */
export async function searchActions({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof searchActionsSchema>;
}): Promise<FoundAction[]> {
  const { organizationId } = authorize(ctx, "viewer");
  const { search, tool, effect, limit } = parse(searchActionsSchema, input);
  const words = search.replaceAll("\u0000", "").toLowerCase().split(/\s+/).filter(Boolean).slice(0, 10);
  const rows = await db().action.findMany({
    where: {
      organizationId,
      ...(tool !== undefined && { tool: { key: tool } }),
      ...(effect !== undefined && { effect }),
      AND: words.map((word) => {
        const contains = { contains: word, mode: "insensitive" as const };
        return {
          OR: [
            { name: contains },
            { key: contains },
            { endpoint: contains },
            { group: contains },
            { description: contains },
            { tool: { name: contains } },
          ],
        };
      }),
    },
    omit: { definition: true },
    include: { tool: true },
    orderBy: [{ deprecated: "asc" }, { toolId: "asc" }, { position: "asc" }, { id: "asc" }],
    take: limit * 2,
  });
  const own = rows.map(
    (row): FoundAction => ({
      tool: row.tool.key,
      toolName: row.tool.name,
      icon: row.tool.icon,
      action: row.key,
      name: row.name,
      description: first(row.description),
      method: row.method,
      endpoint: row.endpoint,
      group: row.group,
      effect: row.effect === "read" ? "read" : "write",
      repeatable: row.effect === "read",
      auth: storedAuth(row.tool.auth).type,
    }),
  );
  // Whose name says it comes before what only mentions it.
  const rank = ({ name, toolName }: FoundAction): number =>
    words.filter((word) => `${toolName} ${name}`.toLowerCase().includes(word)).length;
  const ready = words.length === 0 && tool === undefined ? [] : await inCatalog(words, tool);
  return [...own, ...ready.filter((found) => effect === undefined || found.effect === effect)]
    .sort((one, other) => rank(other) - rank(one))
    .slice(0, limit);
}

async function inCatalog(words: string[], key: string | undefined): Promise<FoundAction[]> {
  const entries = catalogEntries().filter((entry) => key === undefined || entry.key === key);
  const tools = await Promise.all(entries.map((entry) => catalogTool(entry.key)));
  return tools.flatMap((tool) =>
    (tool?.actions ?? []).flatMap((action): FoundAction[] => {
      const text = `${tool?.name} ${action.name} ${action.key} ${action.group ?? ""} ${action.description ?? ""}`.toLowerCase();
      if (!tool || !words.every((word) => text.includes(word))) return [];
      const { key: actionKey, name, method, endpoint, group } = action;
      return [
        {
          tool: tool.key,
          toolName: tool.name,
          icon: tool.icon ?? null,
          action: actionKey,
          name,
          description: first(action.description),
          method,
          endpoint,
          group: group ?? null,
          effect: actionEffect(action),
          repeatable: isRepeatableAction(action),
          auth: tool.auth.type,
        },
      ];
    }),
  );
}

export const actionReferenceSchema = z.object({ tool: idSchema, action: idSchema });

/** What a node's form needs of the action that it names. */
export async function describeAction({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof actionReferenceSchema> }) {
  const { organizationId } = authorize(ctx, "viewer");
  const reference = parse(actionReferenceSchema, input);
  const ready = await catalogTool(reference.tool);
  const known = ready?.actions.find(({ key }) => key === reference.action);
  if (ready && known) return view({ id: null, ...ready }, { id: null, version: 1, ...known });
  const row = await db().action.findFirst({
    where: { organizationId, key: reference.action, tool: { key: reference.tool } },
    include: { tool: true },
  });
  if (!row) throw notFound("Action");
  return view(toToolDefinition(row.tool), { id: row.id, version: row.version, ...toActionDefinition(row) });
}

type Described = { id: string | null; version: number } & ReturnType<typeof toActionDefinition>;

const view = (tool: { id: string | null; key: string; name: string; auth: { type: string } }, action: Described) => ({
  id: action.id,
  tool: { id: tool.id, key: tool.key, name: tool.name, auth: tool.auth.type },
  key: action.key,
  name: action.name,
  description: action.description ?? null,
  method: action.method,
  endpoint: action.endpoint,
  effect: actionEffect(action),
  inputSchema: action.inputSchema,
  sample: action.sample ?? null,
  version: action.version,
});
