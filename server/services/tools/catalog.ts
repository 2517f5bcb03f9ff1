import { z } from "zod";
import { type ActionDefinition, actionEffect, type ToolAuth } from "@/flow/tools/schema";
import { catalogEntries, catalogTool } from "@/server/catalog";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { parse } from "../parse";
import type { ActionSummary } from "./types";

export const readyToolSchema = z.object({ key: z.string().min(1).max(200) });

/** A tool that comes with the product, as lists show it. */
export interface ReadyToolSummary {
  key: string;
  name: string;
  description: string | null;
  /** Name of an icon, or the address of an image. */
  icon: string | null;
}

/** Such a tool with its actions. Their ids are what `POST /actions/:id/execute` takes. */
export interface ReadyTool extends ReadyToolSummary {
  baseUrl: string;
  auth: ToolAuth;
  actions: ReadyAction[];
}

export interface ReadyAction extends Omit<ActionSummary, "toolId" | "version" | "createdAt" | "updatedAt"> {
  inputSchema: ActionDefinition["inputSchema"];
  sample: ActionDefinition["sample"] | null;
}

/** By name. */
export async function listReadyTools({ ctx }: { ctx: ServiceContext }): Promise<ReadyToolSummary[]> {
  authorize(ctx, "viewer");
  return catalogEntries()
    .map(({ key, name, description, icon }) => ({ key, name, description: description ?? null, icon: icon ?? null }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** @throws ServiceError `not_found` for a key that the catalog does not have */
export async function getReadyTool({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof readyToolSchema> }): Promise<ReadyTool> {
  authorize(ctx, "viewer");
  const tool = await catalogTool(parse(readyToolSchema, input).key);
  if (!tool) throw notFound("Tool");
  return {
    key: tool.key,
    name: tool.name,
    description: tool.description ?? null,
    icon: tool.icon ?? null,
    baseUrl: tool.baseUrl,
    auth: tool.auth,
    actions: tool.actions.map((action) => ({
      id: `${tool.key}.${action.key}`,
      key: action.key,
      name: action.name,
      description: action.description ?? null,
      group: action.group ?? null,
      method: action.method,
      endpoint: action.endpoint,
      effect: actionEffect(action),
      deprecated: action.deprecated ?? false,
      inputSchema: action.inputSchema,
      sample: action.sample ?? null,
    })),
  };
}
