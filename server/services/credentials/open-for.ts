import type { CredentialAccess } from "@/flow/credentials/access";
import type { Credential } from "@/prisma/generated/client";
import { createExecutionCredentials } from "@/server/credentials/execution-credentials";
import { db } from "@/server/db";
import type { ClosableHttpClient } from "@/server/http/guarded-client";
import type { Caller } from "../authorize";
import { notFound, ServiceError } from "../errors";
import { mayUse } from "./types";

/**
 * A credential of a tool, for a call that a person makes: the one that is named, or the only one that the caller may use.
 * @throws ServiceError `not_found`, `invalid` when there is none or it is not clear which
 */
export async function openForTool(
  caller: Caller,
  tool: { /** Null for one of the catalog. */ id: string | null; key: string; name: string },
  credentialId: string | null,
  http: ClosableHttpClient,
): Promise<{ credential: Credential; access: CredentialAccess }> {
  const { organizationId } = caller;
  const rows = await db().credential.findMany({
    where: {
      organizationId,
      OR: [...(tool.id === null ? [] : [{ toolId: tool.id }]), { toolKey: tool.key }],
      ...(credentialId !== null && { id: credentialId }),
    },
    orderBy: { createdAt: "asc" },
  });
  const usable = rows.filter((row) => mayUse(caller, row));
  const [credential] = usable;
  if (!credential) {
    if (credentialId !== null) throw notFound("Credential");
    throw new ServiceError("invalid", `Connect a credential for ${tool.name} first`);
  }
  if (credentialId === null && usable.length > 1) {
    throw new ServiceError(
      "invalid",
      `${tool.name} has several credentials: say which by credentialId (${usable.map(({ name }) => `"${name}"`).join(", ")})`,
    );
  }
  return { credential, access: createExecutionCredentials({ organizationId, flowId: credential.flowIds[0] ?? "" }, http) };
}
