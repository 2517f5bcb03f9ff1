import { z } from "zod";
import { maskFields } from "@/flow/credentials/fields";
import { credentialKind } from "@/flow/credentials/kinds";
import { credentialSettingsSchema } from "@/flow/credentials/settings";
import type { CredentialType } from "@/flow/credentials/types";
import type { Credential } from "@/prisma/generated/client";
import { openCredential } from "@/server/credentials/open";
import { db } from "@/server/db";
import { UnreadableSecretError } from "@/server/secrets/envelope";
import { type SecretFields, storeFor } from "@/server/secrets/secret-store";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse, storable } from "../parse";
import { assertFields, assertKind, fieldsSchema } from "./fields";
import { findManageable } from "./find";
import { credentialTool, hostsOfTool } from "./tool";
import { type CredentialView, viewOf } from "./types";

export const rotateCredentialSchema = storable(
  z.object({
    id: idSchema,
    /** The new values. Fields that are not named stay, unless `replace` says otherwise; an empty one goes. */
    fields: fieldsSchema,
    replace: z.boolean().default(false),
    /** Another kind of credential from now on; only with `replace`. */
    type: z.enum(["api_key", "basic_auth", "bearer", "custom"]).optional(),
  }),
);

/**
 * Puts new values into a credential. Flows that use it have them from their next request on.
 * @throws ServiceError `conflict` when the old ones cannot be opened and not all were given anew.
 */
export async function rotateCredential({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof rotateCredentialSchema>;
}): Promise<CredentialView> {
  const caller = authorize(ctx, "editor");
  const { id, fields: given, replace, type: wanted } = parse(rotateCredentialSchema, input);
  const found = await findManageable(db(), caller, id);
  if (found.type === "oauth2")
    throw new ServiceError("conflict", "The tokens of an OAuth credential are the provider's to give. Reconnect it.");
  const type = (replace && wanted) || (found.type as CredentialType);
  const old: SecretFields = replace ? {} : await earlierFields();
  const fields = Object.fromEntries(Object.entries({ ...old, ...given }).filter(([, value]) => value !== ""));
  assertFields(type, fields, (found.toolId ?? found.toolKey) !== null);
  const settings = credentialSettingsSchema.catch({}).parse(found.settings);
  if (type === "custom") assertKind(settings.kind, fields);
  const hostsFor = await hostsByFields(found, settings.kind);
  const [before, after] = [hostsFor(old), hostsFor(fields)];
  // A site that moved is not trusted for ever; what somebody took away by hand stays away.
  const left = found.allowedHosts.filter((host) => !before.includes(host) || after.includes(host));
  const added = after.filter((host) => !before.includes(host));
  const owner = { organizationId: found.organizationId, credentialId: id, tool: found.toolId ?? found.toolKey };
  const store = storeFor(type);
  const secret = await store.put(owner, fields, found.secret);
  return db().$transaction(async (tx) => {
    const { count } = await tx.credential.updateMany({
      where: { id, organizationId: caller.organizationId, version: found.version },
      data: {
        type,
        secret,
        masked: maskFields(type, fields),
        allowedHosts: [...new Set([...added, ...left])],
        version: { increment: 1 },
        rotatedAt: new Date(),
        status: "active",
        statusReason: null,
      },
    });
    if (count === 0) throw new ServiceError("conflict", "The credential was changed by someone else in the meantime. Look at it again.");
    await recordAudit(tx, caller, {
      action: "credential.rotate",
      target: `credential:${id}`,
      data: { name: found.name, fields: Object.keys(given) },
    });
    return viewOf(await tx.credential.findUniqueOrThrow({ where: { id } }), caller);
  });

  async function earlierFields(): Promise<SecretFields> {
    try {
      return (await openCredential(found)).fields;
    } catch (error) {
      // Its key is lost: it can still be replaced, whole.
      if (!(error instanceof UnreadableSecretError)) throw error;
      const missing = Object.keys(found.masked as object).filter((name) => !given[name]);
      if (missing.length === 0) return {};
      throw new ServiceError("conflict", `The stored values cannot be opened. ${error.message}. Still to enter: ${missing.join(", ")}`);
    }
  }
}

/** What of a credential's hosts follows from its values: where its account is. */
async function hostsByFields(credential: Credential, kindKey: string | undefined): Promise<(fields: SecretFields) => string[]> {
  const { organizationId, toolId, toolKey } = credential;
  // A tool that has been deleted says no more where its credentials go.
  const tool = await credentialTool(db(), organizationId, { toolId, toolKey }).catch((error: unknown) => {
    if (error instanceof ServiceError && error.code === "not_found") return null;
    throw error;
  });
  const kind = credentialKind(kindKey ?? "");
  return (fields) =>
    Object.keys(fields).length === 0 ? [] : [...(tool ? hostsOfTool(tool.definition, fields) : []), ...(kind?.hosts?.(fields) ?? [])];
}
