import { z } from "zod";
import type { Credential } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import { findTool } from "../tools/find";
import { toToolDefinition } from "../tools/types";
import { createCredential } from "./create";
import { deleteCredential } from "./delete";
import { fieldsSchema } from "./fields";
import { rotateCredential } from "./rotate";
import { typeForTool } from "./tool";
import { maySee } from "./types";
import { unmaskCredential } from "./unmask";
import { updateCredential } from "./update";

/** A tool's credential as the API shows it. */
export interface ToolSecrets {
  toolId: string;
  toolName: string;
  credentialId: string;
  maskedCredentials: Record<string, string>;
  createdAt: string;
  updatedAt: string;
}

export interface ToolSecretStatus {
  toolId: string;
  toolName: string;
  baseUrl: string;
  authType: string;
  hasCredentials: boolean;
  credentialKeys?: string[];
}

const toolSchema = z.object({ toolId: idSchema });
export const setToolSecretsSchema = toolSchema.extend({ credentials: fieldsSchema });
export const getToolSecretsSchema = toolSchema.extend({ password: z.string().max(200).default("") });
export const toolSecretsIdSchema = toolSchema;

/** Every tool of the organization, and whether it has credentials. */
export async function listToolSecrets({ ctx }: { ctx: ServiceContext }): Promise<ToolSecretStatus[]> {
  const caller = authorize(ctx, "viewer");
  const { organizationId } = caller;
  const [tools, rows] = await Promise.all([
    db().tool.findMany({ where: { organizationId }, orderBy: [{ name: "asc" }, { id: "asc" }], take: 1000 }),
    db().credential.findMany({ where: { organizationId, toolId: { not: null } }, orderBy: { createdAt: "asc" } }),
  ]);
  return tools.map((tool) => {
    const { baseUrl, auth, name } = toToolDefinition(tool);
    const first = rows.find((row) => row.toolId === tool.id && maySee(caller, row));
    return {
      toolId: tool.id,
      toolName: name,
      baseUrl,
      authType: auth.type,
      hasCredentials: first !== undefined,
      ...(first && { credentialKeys: Object.keys(first.masked as object) }),
    };
  });
}

/** Stores a tool's values: in its first credential, or in a new one. */
export async function setToolSecrets({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof setToolSecretsSchema>;
}): Promise<ToolSecrets> {
  const caller = authorize(ctx, "editor");
  const { toolId, credentials } = parse(setToolSecretsSchema, input);
  const tool = await findTool(db(), caller.organizationId, toolId);
  const { type, placements } = typeForTool(toToolDefinition(tool).auth, credentials);
  const settings = placements ? { placements } : {};
  const before = await firstOf(caller.organizationId, toolId, { not: "oauth2" });
  if (before) {
    await rotateCredential({ ctx, input: { id: before.id, fields: credentials, replace: true, ...(type !== "oauth2" && { type }) } });
    await updateCredential({ ctx, input: { id: before.id, settings } });
  } else await createCredential({ ctx, input: { name: tool.name, type, fields: credentials, toolId, settings } });
  const stored = await firstOf(caller.organizationId, toolId, { not: "oauth2" });
  if (!stored) throw notFound("Credential");
  return viewOf(tool, stored);
}

/** A tool's first credential, masked. */
export async function getToolSecrets({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof toolSecretsIdSchema>;
}): Promise<ToolSecrets> {
  const caller = authorize(ctx, "viewer");
  const { toolId } = parse(toolSecretsIdSchema, input);
  const tool = await findTool(db(), caller.organizationId, toolId);
  const row = await firstOf(caller.organizationId, toolId);
  if (!row || !maySee(caller, row)) throw notFound("Credential");
  return viewOf(tool, row);
}

/** The same in clear; see `unmaskCredential`. */
export async function unmaskToolSecrets({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof getToolSecretsSchema>;
}): Promise<Omit<ToolSecrets, "maskedCredentials"> & { credentials: Record<string, string> }> {
  const { maskedCredentials: _, ...rest } = await getToolSecrets({ ctx, input });
  const { fields } = await unmaskCredential({ ctx, input: { id: rest.credentialId, password: input.password ?? "" } });
  return { ...rest, credentials: fields };
}

/** Deletes a tool's first credential. */
export async function deleteToolSecrets({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof toolSecretsIdSchema>;
}): Promise<{ toolId: string }> {
  const caller = authorize(ctx, "editor");
  const { toolId } = parse(toolSecretsIdSchema, input);
  await findTool(db(), caller.organizationId, toolId);
  const row = await firstOf(caller.organizationId, toolId);
  if (!row) throw notFound("Credential");
  await deleteCredential({ ctx, input: { id: row.id, force: true } });
  return { toolId };
}

const firstOf = (organizationId: string, toolId: string, type?: { not: string }): Promise<Credential | null> =>
  db().credential.findFirst({ where: { organizationId, toolId, ...(type && { type }) }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] });

const viewOf = (tool: { id: string; name: string }, row: Credential): ToolSecrets => ({
  toolId: tool.id,
  toolName: tool.name,
  credentialId: row.id,
  maskedCredentials: row.masked as Record<string, string>,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
