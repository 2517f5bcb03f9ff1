import { randomUUID } from "node:crypto";
import { z } from "zod";
import { maskFields } from "@/flow/credentials/fields";
import { credentialSettingsSchema } from "@/flow/credentials/settings";
import { CREDENTIAL_TYPES } from "@/flow/credentials/types";
import { db } from "@/server/db";
import { storeFor } from "@/server/secrets/secret-store";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, instantSchema, line, parse, storable } from "../parse";
import { assertFields, assertKind, fieldsSchema, hostsSchema } from "./fields";
import { sharingSchema } from "./share";
import { credentialTool, hostsOfTool } from "./tool";
import { type CredentialView, viewOf } from "./types";

export const createCredentialSchema = storable(
  z.object({
    name: line(200),
    type: z.enum(CREDENTIAL_TYPES),
    fields: fieldsSchema.default({}),
    /** The tool that it is for: by id, or by key for one of the catalog. */
    toolId: idSchema.nullish(),
    toolKey: z.string().min(1).max(200).nullish(),
    /** Where it may go; beside a tool's own hosts, when it is for one. */
    allowedHosts: hostsSchema.default([]),
    settings: credentialSettingsSchema.default({}),
    ...sharingSchema.shape,
    expiresAt: instantSchema.nullish(),
  }),
);

export const newCredentialId = (): string => `cred_${randomUUID().replaceAll("-", "")}`;

/**
 * Keeps a new credential. OAuth ones come about by connecting (`beginOAuth`).
 * @throws ServiceError `invalid` naming the field; `not_found` for the tool
 */
export async function createCredential({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof createCredentialSchema>;
}): Promise<CredentialView> {
  const caller = authorize(ctx, "editor");
  const { name, type, fields, toolId, toolKey, allowedHosts, settings, minRole, flowIds, expiresAt } = parse(createCredentialSchema, input);
  if (type === "oauth2") throw new ServiceError("invalid", "type: an OAuth credential comes about by connecting it");
  assertFields(type, fields, Boolean(toolId ?? toolKey));
  const kind = type === "custom" ? assertKind(settings.kind, fields) : undefined;
  const { organizationId } = caller;
  const tool = await credentialTool(db(), organizationId, { toolId, toolKey });
  const id = newCredentialId();
  const store = storeFor(type);
  const owner = { organizationId, credentialId: id, tool: tool?.id ?? tool?.definition.key ?? null };
  const secret = await store.put(owner, fields);
  try {
    return await db().$transaction(async (tx) => {
      const row = await tx.credential.create({
        data: {
          id,
          organizationId,
          name,
          type,
          toolId: tool?.id ?? null,
          toolKey: tool?.definition.key ?? null,
          settings,
          masked: maskFields(type, fields),
          secret,
          allowedHosts: [
            ...new Set([...(tool ? hostsOfTool(tool.definition, fields) : []), ...(kind?.hosts?.(fields) ?? []), ...allowedHosts]),
          ],
          ownerId: caller.userId,
          minRole: minRole ?? "editor",
          flowIds: flowIds ?? [],
          expiresAt: expiresAt ?? null,
        },
      });
      await recordAudit(tx, caller, { action: "credential.create", target: `credential:${id}`, data: { name, type } });
      return viewOf(row, caller);
    });
  } catch (error) {
    // Nothing points to it: what is kept elsewhere would stay for ever.
    await store.delete(owner, secret).catch(() => {});
    throw error;
  }
}
